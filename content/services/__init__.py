"""Writes around pages. Texts themselves are written in the Wagtail admin."""

from .admission import admit_to_admin, arrange_groups
from .answers import acknowledge, give_feedback, mark_read
from .drafting import Wording, draft_news
from .planting import plant
from .previews import PREVIEW_LASTS, keep_preview, open_preview
from .publishing import mark_audience_changed, mark_changed, publish_due, record_publication
from .remedies import add_synonym, dismiss, draft_guide, pin, undo
from .synonyms import begin_with_starters, checked_synonyms, delete_synonyms, import_synonyms, save_synonyms

__all__ = [
    "PREVIEW_LASTS",
    "Wording",
    "acknowledge",
    "add_synonym",
    "admit_to_admin",
    "arrange_groups",
    "begin_with_starters",
    "checked_synonyms",
    "delete_synonyms",
    "dismiss",
    "draft_guide",
    "draft_news",
    "give_feedback",
    "import_synonyms",
    "keep_preview",
    "mark_audience_changed",
    "mark_changed",
    "mark_read",
    "open_preview",
    "pin",
    "plant",
    "publish_due",
    "record_publication",
    "save_synonyms",
    "undo",
]
