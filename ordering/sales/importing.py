"""Past sales out of files (CSV, XLSX, JSON lines): all rows or none, a bad row named with its number and its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.models import Dealer, Region
from accounts.services import audit, save_dealer, save_region
from ordering.catalog.models import Product
from portal.lib import skus
from portal.lib.money import round_minor
from portal.lib.numbers import DoubtfulCellError, read_day, read_number
from portal.lib.spreadsheets import Row, as_text, read_rows

from .enums import EntryKind, Source
from .errors import SalesFileRefused
from .services import NewEntry, post_entries

if TYPE_CHECKING:
    from accounts.principals import Principal

COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "date": frozenset({"date", "orderdate", "order date", "invoicedate", "invoice date", "дата"}),
    "document": frozenset(
        {"document", "salesordernumber", "order", "invoice", "invoiceno", "документ", "номер", "номер документа"}
    ),
    "line": frozenset({"line", "salesorderlinenumber", "строка", "номер строки"}),
    "dealer": frozenset({"dealer", "resellerkey", "reseller", "customer", "customerid", "дилер", "код дилера"}),
    "dealer_name": frozenset({"dealer name", "resellername", "название дилера"}),
    "region": frozenset({"region", "territory", "salesterritorykey", "country", "регион", "территория"}),
    "sku": frozenset({"sku", "article", "productkey", "stockcode", "артикул", "код товара"}),
    "quantity": frozenset({"quantity", "orderquantity", "qty", "количество"}),
    "net": frozenset({"net", "amount", "salesamount", "сумма", "сумма без ндс"}),
    "unit_price": frozenset({"unit price", "unitprice", "price", "цена"}),
    "currency": frozenset({"currency", "валюта"}),
    "kind": frozenset({"kind", "вид", "вид операции"}),
}
KINDS: Final = {
    **{kind.value: kind for kind in EntryKind},
    "заказано": EntryKind.ORDERED,
    "отгружено": EntryKind.SHIPPED,
    "оплачено": EntryKind.PAID,
    "возврат": EntryKind.RETURNED,
    "корректировка": EntryKind.CORRECTED,
}
REPORTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be taken; `remedy` says what to write instead."""

    number: int
    document: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SalesFile:
    """How a file is to be read. `dealer` stands where a row names none; `makes` lets unknown dealers and regions be made.

    `source`: who says so. The same line of two sources is two statements.
    """

    currency: str = "RUB"
    dealer: str = ""
    makes: bool = False
    without_articles: bool = False
    source: Source = Source.IMPORT


@dataclass(frozen=True, slots=True)
class Named:
    """The dealers (codes) and articles (keys of SKUs) that some rows name."""

    dealers: Set[str]
    sku_keys: Set[str]


@dataclass(slots=True)
class ImportReport:
    """What an import did: rows read, entries that were new, dealers and regions made."""

    rows: int = 0
    added: int = 0
    dealers: int = 0
    regions: int = 0
    without_article: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    refused: int = 0


def import_sales(*, source: Path | IO[bytes], asked: SalesFile, by: Principal, name: str = "") -> ImportReport:
    """Add a file's rows to the ledger. The same file again adds nothing.

    A negative quantity is a return, a negative amount of a positive one a correction, unless a column says the kind. Rows
    without a line number are numbered within their document.

    Raises SalesFileRefused naming the rows (`extra["refusals"]`), DocumentLineTaken, NotAllowed; then nothing changed.
    """
    return import_rows(rows=read_rows(source, name), asked=asked, by=by, name=name or str(source))


def import_rows(
    *, rows: Iterable[Row], asked: SalesFile, by: Principal, name: str, named: Named | None = None
) -> ImportReport:
    """The same for rows that come otherwise than in a file; `name` is what the audit calls them.

    `named` are the codes that stand in the rows, where that is known beforehand: then only these are looked up.
    """
    by.require(Right.MANAGE_DEALERS)
    report = ImportReport()
    with transaction.atomic():
        reader = _Reader(asked, report, by, named)
        report.added = post_entries(reader.entries(rows), by=by)
        if report.refused:
            raise SalesFileRefused(
                _("%(count)s rows cannot be taken. Nothing was changed.") % {"count": report.refused},
                count=report.refused,
                refusals=[
                    {"row": one.number, "document": one.document, "remedy": one.remedy} for one in report.refusals
                ],
            )
        audit(by=by, verb="sales.imported", subject=name, rows=report.rows, added=report.added)
    return report


def recognised(row: Mapping[str, Any]) -> dict[str, str]:
    """Our name of a column → the file's, recognised without case. Raises SalesFileRefused when one that is needed is missing."""
    names: dict[str, str] = {}
    for header in row:
        told = " ".join(str(header).casefold().split())
        for ours, known in COLUMNS.items():
            if told in known:
                names.setdefault(ours, header)
    missing = [needed for needed in ("date", "document", "quantity") if needed not in names]
    if not {"net", "unit_price"} & names.keys():
        missing.append("net")
    if missing:
        raise SalesFileRefused(
            _("The file has no column “%(name)s”. It has: %(columns)s. Rename the one that is meant.")
            % {"name": missing[0], "columns": ", ".join(map(str, list(row)[:12]))},
            field=missing[0],
        )
    return names


class _Reader:
    """Turns rows into entries; after the first bad row it only looks for more of them."""

    def __init__(self, asked: SalesFile, report: ImportReport, by: Principal, named: Named | None) -> None:
        self.asked, self.report, self.by = asked, report, by
        dealers, articles = Dealer.objects.all(), Product.objects.all()
        if named:
            dealers, articles = dealers.filter(code__in=named.dealers), articles.filter(sku_key__in=named.sku_keys)
        self.dealers = dict(dealers.values_list("code", "pk"))
        self.regions = {region.code: region for region in Region.objects.all()} if asked.makes else {}
        self.articles = dict(articles.values_list("sku_key", "pk"))
        self.lines: Counter[str] = Counter()

    def entries(self, rows: Iterable[Row]) -> Iterator[NewEntry]:
        names: dict[str, str] = {}
        headers: Set[str] = frozenset()
        for row in rows:
            if row.values.keys() != headers:  # rows of JSON need not all say the same
                headers, names = row.values.keys(), recognised(row.values)
            cells = {ours: row.values.get(theirs) for ours, theirs in names.items()}
            if not any(cell not in (None, "") for cell in cells.values()):
                continue  # spreadsheets leave empty rows behind
            self.report.rows += 1
            try:
                entry = self._entry(cells)
            except DoubtfulCellError as doubt:
                self.report.refused += 1
                if len(self.report.refusals) < REPORTED:
                    self.report.refusals.append(Refusal(row.number, as_text(cells["document"]), str(doubt)))
                continue
            if not self.report.refused:
                yield entry

    def _entry(self, cells: dict[str, Any]) -> NewEntry:
        document = as_text(cells["document"])
        if not document or len(document) > 64:
            raise DoubtfulCellError(_("There is no document number of 64 signs at most. Write one."))
        self.lines[document] += 1
        currency = as_text(cells.get("currency")).upper() or self.asked.currency
        quantity = read_number(cells["quantity"])
        net = self._net(cells, quantity, currency)
        return NewEntry(
            dealer_id=self._dealer(cells),
            date=read_day(cells["date"]),
            document=document,
            line=as_text(cells.get("line")) or str(self.lines[document]),
            kind=_kind(as_text(cells.get("kind")).casefold(), quantity, net),
            quantity=quantity,
            net=net,
            currency=currency,
            source=self.asked.source,
            product_id=self._article(as_text(cells.get("sku"))),
        )

    def _net(self, cells: dict[str, Any], quantity: Decimal, currency: str) -> Decimal:
        if "net" not in cells:
            return round_minor(read_number(cells["unit_price"]) * quantity, currency)
        net = read_number(cells["net"])
        if net != round_minor(net, currency):
            raise DoubtfulCellError(_("“%(text)s” has more digits than the currency. Round it.") % {"text": net})
        return net

    def _article(self, sku: str) -> int | None:
        found = self.articles.get(skus.key(sku)) if sku else None
        if found is None:
            if sku and not self.asked.without_articles:
                raise DoubtfulCellError(
                    _("The catalogue has no article %(sku)s. Import it first, or import without articles.")
                    % {"sku": sku[:80]}
                )
            self.report.without_article += 1
        return found

    def _dealer(self, cells: dict[str, Any]) -> int:
        code = as_text(cells.get("dealer")) or self.asked.dealer
        if not code:
            raise DoubtfulCellError(_("The row names no dealer. Write the dealer's code."))
        slug = code if code in self.dealers else _slug(code)
        if slug not in self.dealers:
            if not self.asked.makes or not slug:
                raise DoubtfulCellError(
                    _("There is no dealer %(code)s. Correct the code, or let the import make dealers.")
                    % {"code": code[:50]}
                )
            region = self._region(as_text(cells.get("region")))
            name = as_text(cells.get("dealer_name")) or code
            currency = as_text(cells.get("currency")).upper() or self.asked.currency
            made = Dealer(code=slug, name=name[:200], home_region=region, currency=currency)
            self.dealers[slug] = save_dealer(by=self.by, dealer=made).pk
            self.report.dealers += 1
        return self.dealers[slug]

    def _region(self, name: str) -> Region:
        code = slugify(name)[:50]
        if not code:
            raise DoubtfulCellError(_("A new dealer needs a region, and the row names none."))
        if code not in self.regions:
            self.regions[code] = save_region(by=self.by, region=Region(code=code, name_ru=name, name_en=name))
            self.report.regions += 1
        return self.regions[code]


def _slug(code: str) -> str:
    """The code as a slug; empty where that would lose letters or digits: "ООО 1" is not the dealer "1"."""
    slug = slugify(code)
    whole = sum(map(str.isalnum, slug)) == sum(map(str.isalnum, code))
    return slug[:50] if whole else ""


def _kind(told: str, quantity: Decimal, net: Decimal) -> EntryKind:
    if told:
        if told not in KINDS:
            raise DoubtfulCellError(
                _("“%(kind)s” is no kind of entry. Write one of: %(kinds)s.")
                % {"kind": told[:40], "kinds": ", ".join(kind.value for kind in EntryKind)}
            )
        kind = KINDS[told]
        if kind is EntryKind.RETURNED and (quantity > 0 or net > 0):
            raise DoubtfulCellError(_("A return has a negative quantity and amount."))
        return kind
    if quantity < 0 and net <= 0:
        return EntryKind.RETURNED
    return EntryKind.CORRECTED if net < 0 or quantity < 0 else EntryKind.SHIPPED
