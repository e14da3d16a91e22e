"""Writes around pages. Texts themselves are written in the Wagtail admin."""

from .admission import admit_to_admin, arrange_groups
from .answers import acknowledge, give_feedback, mark_read
from .planting import plant
from .previews import PREVIEW_LASTS, keep_preview, open_preview
from .publishing import mark_changed, publish_due, record_publication

__all__ = [
    "PREVIEW_LASTS",
    "acknowledge",
    "admit_to_admin",
    "arrange_groups",
    "give_feedback",
    "keep_preview",
    "mark_changed",
    "mark_read",
    "open_preview",
    "plant",
    "publish_due",
    "record_publication",
]
