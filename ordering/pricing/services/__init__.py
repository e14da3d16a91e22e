"""Writes of prices: lists and their versions, prices out of files."""

from .importing import ImportReport, import_prices
from .lists import base_list, list_by_code, new_version, note_download, publish_version, save_price_list

__all__ = [
    "ImportReport",
    "base_list",
    "import_prices",
    "list_by_code",
    "new_version",
    "note_download",
    "publish_version",
    "save_price_list",
]
