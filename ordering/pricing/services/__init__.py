"""Writes of prices: lists and their versions, prices out of files, contracts and promotions, files for dealers."""

from .bulk import apply_rule, refuse_rule
from .deals import end_deal, publish_deal, save_deal
from .discarding import discard_draft
from .drafts import CellEdit, edit_prices, make_draft, undo_edit
from .files import (
    ask_file,
    cancel_file,
    keep_file,
    made_file,
    note_download,
    note_taken,
    require_allowance,
    run_next_file,
    tidy_files,
    touch,
)
from .importing import ImportReport, import_prices
from .lists import (
    base_list,
    list_by_code,
    new_version,
    publish_version,
    save_price_list,
    withdraw_version,
)

__all__ = [
    "CellEdit",
    "ImportReport",
    "apply_rule",
    "ask_file",
    "base_list",
    "cancel_file",
    "discard_draft",
    "edit_prices",
    "end_deal",
    "import_prices",
    "keep_file",
    "list_by_code",
    "made_file",
    "make_draft",
    "new_version",
    "note_download",
    "note_taken",
    "publish_deal",
    "publish_version",
    "refuse_rule",
    "require_allowance",
    "run_next_file",
    "save_deal",
    "save_price_list",
    "tidy_files",
    "touch",
    "undo_edit",
    "withdraw_version",
]
