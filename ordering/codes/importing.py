"""A dealer's own codes out of a file: what each row says, and what to mend where it says nothing certain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.principals import Principal
from ordering.catalog.importing import Outcome, Report, RowNote
from ordering.catalog.models import Barcode, Product
from portal.lib import skus
from portal.lib.errors import Invalid
from portal.lib.spreadsheets import Row, as_text
from search import codes

from .services import LONGEST, keep_codes, own_dealer

MOST_ROWS: Final = 100_000
_OWN: Final = frozenset(
    {
        "code",
        "own code",
        "our code",
        "your code",
        "internal code",
        "код",
        "наш код",
        "ваш код",
        "свой код",
        "внутренний код",
    }
)
_ARTICLE: Final = frozenset(
    {"article", "sku", "mpn", "part number", "barcode", "ean", "gtin", "артикул", "артикул поставщика", "штрихкод"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says, before anybody knows whether there is such an article."""

    row: int
    code: str
    article: str


def import_codes(*, by: Principal, rows: Iterable[Row], report: Report) -> Report:
    """Keeps the own codes that the rows name: one column the dealer's code, another the SKU, barcode or part number.

    A row that names no article, or a code that stands in the file already, is reported with its number and remedy and left
    out; the others are kept. The same file again changes nothing. Raises NotAllowed, Invalid, TooManyCodes; then nothing
    changed.
    """
    own_dealer(by)
    lines = list(_lines(rows))
    if not lines:
        raise Invalid(_("The file has no rows: one column is your code, another the article."), field="file")
    if len(lines) > MOST_ROWS:
        raise Invalid(_("At most %(limit)s rows at once. Split the file.") % {"limit": MOST_ROWS}, field="file")
    articles = find_articles(by, {line.article for line in lines})
    rejected: list[RowNote] = []
    meanings: dict[str, Product] = {}
    seen: dict[str, Line] = {}
    for line in lines:
        problem = _problem(line, articles.get(line.article, ()), seen)
        if problem:
            rejected.append(RowNote(line.row, line.code, Outcome.REJECTED, problem))
        else:
            seen[codes.folded(line.code)] = line
            meanings[line.code] = articles[line.article][0]
    added, changed = keep_codes(by=by, meanings={code: product.pk for code, product in meanings.items()})
    report.add(rejected)
    report.add(_note(line, added, changed, meanings[line.code]) for line in seen.values())
    return report


def _note(line: Line, added: set[str], changed: set[str], product: Product) -> RowNote:
    outcome = Outcome.CREATED if line.code in added else Outcome.UPDATED if line.code in changed else Outcome.UNCHANGED
    return RowNote(line.row, line.code, outcome, _shadow(line.code, product))


def _shadow(code: str, product: Product) -> str:
    """A warning where the code looks like the SKU of another article than it means. Asked for the file's own articles only."""
    same = codes.folded(code) == codes.folded(product.sku)
    return _("This is the article's own number: nobody needs it as a code of yours.") if same else ""


def _problem(line: Line, found: Sequence[Product], seen: Mapping[str, Line]) -> str:
    """What to mend in the row; nothing where it is fine."""
    folded = codes.folded(line.code)
    if not folded or not line.article:
        return _("Two cells are needed: your code and the article.")
    if len(line.code) > LONGEST:
        return _("The code is longer than %(limit)s characters. Shorten it.") % {"limit": LONGEST}
    if earlier := seen.get(folded):
        words = {"code": line.code, "row": earlier.row, "article": earlier.article}
        return _("Code %(code)s stands already in row %(row)d, for %(article)s. Keep one of them.") % words
    if not found:
        words = {"article": line.article}
        return _("There is no article %(article)s. Give its SKU, barcode or part number as in the catalogue.") % words
    if len(found) > 1:
        all_of_them = ", ".join(product.sku for product in found[:5])
        return _("Several articles fit: %(skus)s. Give the SKU of one.") % {"skus": all_of_them}
    return ""


def _lines(rows: Iterable[Row]) -> Iterator[Line]:
    """The rows as code and article: by the names of the columns, else the first two; a head with figures is a row like any."""
    columns: tuple[str, str] | None = None
    for row in rows:
        if columns is None:
            columns, head = _columns([name for name in row.values if not name.startswith("(column ")])
            if head:
                yield Line(max(1, row.number - 1), *head)
        yield Line(row.number, *(_cell(row.values.get(name)) for name in columns))


def _columns(names: Sequence[str]) -> tuple[tuple[str, str], tuple[str, str] | None]:
    by_lower = {name.strip().casefold(): name for name in reversed(names)}
    own = next((by_lower[word] for word in by_lower if word in _OWN), None)
    article = next((by_lower[word] for word in by_lower if word in _ARTICLE), None)
    if own and article:
        return (own, article), None
    if len(names) < 2:
        raise Invalid(_("Two columns are needed: your code and the article."), field="file")
    has_figures = all(any(sign.isdigit() for sign in name) for name in names[:2])
    return (names[0], names[1]), (names[0], names[1]) if has_figures else None


def _cell(value: Any) -> str:
    return " ".join(as_text(value).split())


def find_articles(by: Principal, written: Iterable[str]) -> dict[str, list[Product]]:
    """The articles with these SKUs, else barcodes, else part numbers, by what was written. Three queries."""
    wanted = {text for text in written if text}
    products = Product.objects.visible_to(by)
    by_sku = {product.sku_key: product for product in products.by_sku(wanted)}
    found = {text: [by_sku[skus.key(text)]] for text in wanted if skus.key(text) in by_sku}
    gtins = {text: gtin for text in wanted - found.keys() if (gtin := codes.gtin(text))}
    by_gtin = defaultdict(list)
    for barcode in Barcode.objects.filter(gtin__in=set(gtins.values()), product__in=products).select_related("product"):
        by_gtin[barcode.gtin].append(barcode.product)
    found |= {text: by_gtin[gtin] for text, gtin in gtins.items() if gtin in by_gtin}
    by_part = defaultdict(list)
    for product in products.filter(mpn__in=wanted - found.keys()).exclude(mpn=""):
        by_part[product.mpn].append(product)
    return found | dict(by_part)
