"""Writes of the programme: its terms, what it decides, and tiers given by hand."""

from .awards import approve_award, propose_award, refuse_award
from .evaluation import Evaluation, announce_tiers, evaluate, evaluate_due
from .notices import owe_notices, send_notice
from .premiums import accrue, accrue_due, save_premium, save_slice
from .terms import delete_exception, save_exception, save_programme, save_tier

__all__ = [
    "Evaluation",
    "accrue",
    "accrue_due",
    "announce_tiers",
    "approve_award",
    "delete_exception",
    "evaluate",
    "evaluate_due",
    "owe_notices",
    "propose_award",
    "refuse_award",
    "save_exception",
    "save_premium",
    "save_programme",
    "save_slice",
    "save_tier",
    "send_notice",
]
