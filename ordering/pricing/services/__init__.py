"""Writes of prices: lists and their versions, prices out of files, contracts and promotions."""

from .deals import end_deal, publish_deal, save_deal
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
    "ImportReport",
    "base_list",
    "end_deal",
    "import_prices",
    "list_by_code",
    "new_version",
    "note_download",
    "publish_deal",
    "publish_version",
    "save_deal",
    "save_price_list",
    "withdraw_version",
]
