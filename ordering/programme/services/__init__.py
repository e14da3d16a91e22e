"""Writes of the programme: its terms, what it decides, and tiers given by hand."""

from .awards import approve_award, propose_award, refuse_award
from .copies import draft_of
from .drafts import discard_draft, programme_published, publish_draft, runs_for, save_draft
from .evaluation import Evaluation, announce_tiers, decide_movers, evaluate, evaluate_due
from .notices import owe_notices, send_notice
from .premiums import accrue, accrue_due, save_premium, save_slice
from .simulation import ask_simulation, cancel_simulation, run_next_simulation
from .terms import delete_exception, save_exception, save_programme, save_tier

__all__ = [
    "Evaluation",
    "accrue",
    "accrue_due",
    "announce_tiers",
    "approve_award",
    "ask_simulation",
    "cancel_simulation",
    "decide_movers",
    "delete_exception",
    "discard_draft",
    "draft_of",
    "evaluate",
    "evaluate_due",
    "owe_notices",
    "programme_published",
    "propose_award",
    "publish_draft",
    "refuse_award",
    "run_next_simulation",
    "runs_for",
    "save_draft",
    "save_exception",
    "save_premium",
    "save_programme",
    "save_slice",
    "save_tier",
    "send_notice",
]
