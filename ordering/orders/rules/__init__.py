"""The rules of orders: pure functions over values, no queries and no writes."""

from .packs import Neighbours, neighbours, whole_quantity
from .positions import Change, Position, Shown, Totals, changes_since, totals
from .problems import Problem, blockers, needs_approval, problems
from .stages import is_cancellable, require_status, share_of, stage

__all__ = [
    "Change",
    "Neighbours",
    "Position",
    "Problem",
    "Shown",
    "Totals",
    "blockers",
    "changes_since",
    "is_cancellable",
    "needs_approval",
    "neighbours",
    "problems",
    "require_status",
    "share_of",
    "stage",
    "totals",
    "whole_quantity",
]
