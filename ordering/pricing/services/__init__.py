"""Writes of prices: lists and their versions, prices out of files, contracts and promotions."""

from .bulk import apply_rule, refuse_rule
from .deals import end_deal, publish_deal, save_deal
from .drafts import CellEdit, edit_prices, make_draft, undo_edit
from .importing import ImportReport, import_prices
from .lists import (
    base_list,
    list_by_code,
    new_version,
    note_download,
    publish_version,
    save_price_list,
    withdraw_version,
)

__all__ = [
    "CellEdit",
    "ImportReport",
    "apply_rule",
    "base_list",
    "edit_prices",
    "end_deal",
    "import_prices",
    "list_by_code",
    "make_draft",
    "new_version",
    "note_download",
    "publish_deal",
    "publish_version",
    "refuse_rule",
    "save_deal",
    "save_price_list",
    "undo_edit",
    "withdraw_version",
]
