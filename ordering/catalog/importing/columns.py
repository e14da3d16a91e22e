"""Which column of a file is which field of an article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.lib.errors import Invalid

# Field of an article: the names its column goes by, in lower case.
KNOWN = {
    "sku": ("sku", "id", "article", "артикул", "код", "code", "номенклатурный номер", "item"),
    "mpn": ("mpn", "part number", "manufacturer part number", "артикул производителя", "код производителя"),
    "name": ("name", "title", "product name", "наименование", "название", "номенклатура"),
    "name_ru": ("name_ru", "name (ru)", "наименование (ru)", "название на русском"),
    "name_en": ("name_en", "name (en)", "наименование (en)", "название на английском"),
    "brand": ("brand", "supplier", "manufacturer", "vendor", "бренд", "производитель", "марка"),
    "category": ("category", "group", "section", "категория", "группа", "раздел"),
    "barcodes": ("barcode", "barcodes", "ean", "gtin", "upc", "ean13", "штрихкод", "штрих-код", "штрихкоды"),
    "unit": ("unit", "uom", "единица", "ед.", "ед. изм.", "единица измерения"),
    "pack": ("pack", "pack size", "multiple", "кратность", "упаковка"),
    "tax_rate": ("tax", "tax_rate", "vat", "ндс", "ставка ндс"),
    "state": ("state", "status", "состояние", "статус"),
    "successor": ("successor", "replaced by", "замена", "преемник"),
    "backorder": ("backorder", "to order", "под заказ"),
    "description": ("description", "short_description", "описание"),
    "description_ru": ("description_ru", "описание (ru)"),
    "description_en": ("description_en", "описание (en)"),
    "released_on": ("released", "date_released", "released_on", "дата выпуска"),
}
FIELDS = frozenset(KNOWN)
ATTRIBUTE_PREFIXES = ("attr_", "attr:", "attribute:", "свойство:")
# Belong to other imports: prices and stock are not facts of an article.
ELSEWHERE = frozenset({"price", "цена", "currency", "валюта", "stock", "остаток"})


class Unmapped(Invalid):
    """No column is recognised as the SKU, or a mapping names what is not there."""

    code = "columns_not_recognised"


@dataclass(frozen=True, slots=True)
class Mapping:
    """`columns`: article field by column. Attribute columns are those that begin with a known prefix."""

    columns: dict[str, str]
    ignored: tuple[str, ...] = field(default=())

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.columns.values())

    def attribute_of(self, column: str) -> str | None:
        """The attribute's code that this column holds."""
        if column in self.columns:
            return None
        for prefix in ATTRIBUTE_PREFIXES:
            if column.lower().startswith(prefix):
                # attr_t_colour keeps its name: systems that write so tell types apart by it
                return column if prefix == "attr_" else column[len(prefix) :].strip()
        return None


def recognise(columns: Iterable[str], given: dict[str, str] | None = None) -> Mapping:
    """The mapping for these columns; `given` (field: column) goes before what is recognised.

    Where a file has both `title` and `name`, the title is the name and the name is the maker's part number, as in Icecat.
    Raises Unmapped.
    """
    listed = list(columns)
    by_lower = {column.strip().lower(): column for column in reversed(listed)}
    found: dict[str, str] = {}
    for name, column in (given or {}).items():
        if name not in FIELDS:
            raise Unmapped(
                _("%(name)s is not a field of an article. Fields: %(all)s.")
                % {"name": name, "all": ", ".join(sorted(FIELDS))}
            )
        if column not in listed:
            raise Unmapped(
                _("The file has no column %(column)s. Its columns: %(all)s.")
                % {"column": column, "all": ", ".join(listed[:30])}
            )
        found[column] = name
    if "title" in by_lower and "name" in by_lower:
        found.setdefault(by_lower["title"], "name")
        found.setdefault(by_lower["name"], "mpn")
    for name, words in KNOWN.items():
        if name not in found.values():
            known = [by_lower[word] for word in words if word in by_lower and by_lower[word] not in found]
            found |= dict.fromkeys(known[:1], name)
    if "sku" not in found.values():
        raise Unmapped(
            _("No column of the SKU was recognised among: %(all)s. Name it: --mapping sku=COLUMN.")
            % {"all": ", ".join(listed[:30])}
        )
    mapping = Mapping(found)
    ignored = tuple(
        column
        for column in listed
        if column not in found and not mapping.attribute_of(column) and column.strip().lower() not in ELSEWHERE
    )
    return Mapping(found, ignored)
