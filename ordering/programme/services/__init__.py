"""Writes of the programme: its terms, what it decides, and tiers given by hand."""

from .awards import approve_award, propose_award, refuse_award
from .evaluation import Evaluation, announce_tiers, evaluate, evaluate_due
from .terms import delete_exception, save_exception, save_programme, save_tier

__all__ = [
    "Evaluation",
    "announce_tiers",
    "approve_award",
    "delete_exception",
    "evaluate",
    "evaluate_due",
    "propose_award",
    "refuse_award",
    "save_exception",
    "save_programme",
    "save_tier",
]
