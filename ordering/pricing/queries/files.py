"""What a person asks for, as a recipe; and the price lists a dealer has taken along."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from django.db import connection
from django.utils.translation import gettext as _

from ordering.catalog.models import Category, Product
from portal.lib import skus
from portal.lib.clock import business_date
from portal.lib.errors import Invalid, Missing
from portal.lib.text import named

from ..enums import FileFormat
from ..errors import CurrencyChanged, NoSuchVersion
from ..models import PriceFile, TakenList
from .basis import LOOKED_AHEAD, Basis, Made, made_of
from .contexts import PriceContext
from .file_bytes import Recipe, Selection
from .file_lines import Then

if TYPE_CHECKING:
    from accounts.principals import Principal

LAST: Final = "last"
MOST_SKUS: Final = 10_000
UNKNOWN_SHOWN: Final = 10
SEPARATORS: Final = re.compile(r"[,;\t]")
LEVELS: Final = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as it is asked for: `on` is a day, None today's prices; `since` a stamp, "last", or "" for a whole list."""

    file_format: FileFormat
    on: dt.date | None = None
    category_id: int | None = None
    product_ids: tuple[int, ...] | None = None
    since: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "file_format": self.file_format.value,
            "on": self.on.isoformat() if self.on else None,
            "category_id": self.category_id,
            "product_ids": self.product_ids,
            "since": self.since,
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Self:
        products = said["product_ids"]
        return cls(
            file_format=FileFormat(said["file_format"]),
            on=dt.date.fromisoformat(said["on"]) if said["on"] else None,
            category_id=said["category_id"],
            product_ids=None if products is None else tuple(products),
            since=said["since"],
        )


def recipe_of(principal: Principal, wanted: Wanted) -> Recipe:
    """All that the file's bytes depend on, now. Six queries at most.

    Raises NotAllowed for whoever sees no prices, Invalid for a day that is past or too far, NoSuchVersion where there is
    nothing to compare with, CurrencyChanged.
    """
    made = made_of(PriceContext.of(principal, _day(wanted.on)))
    path = Category.objects.values_list("path", flat=True).get(pk=wanted.category_id) if wanted.category_id else ""
    products = None if wanted.product_ids is None else tuple(sorted(set(wanted.product_ids)))
    selection = Selection(category_path=path, product_ids=products)
    then, stamp = _then(principal, wanted.since, made, selection) if wanted.since else (None, "")
    return Recipe(made, wanted.file_format, principal.language[:2], selection, then, stamp)


def _day(on: dt.date | None) -> dt.date:
    today = business_date()
    if on is None:
        return today
    if on < today:
        raise Invalid(_("That day is past. Take today's prices, or those of a day to come."), field="on")
    if on > today + LOOKED_AHEAD:
        raise Invalid(_("Prices are told up to a year ahead."), field="on")
    return on


def _then(principal: Principal, since: str, made: Made, selection: Selection) -> tuple[Then, str]:
    """The prices to compare with, and their stamp."""
    taken = taken_lists(principal, made, selection).filter(**({} if since == LAST else {"stamp": since})).first()
    if taken is None or _is_of_another_life(taken.snapshot):
        raise NoSuchVersion(
            _("There is nothing to compare with: no price list was downloaded yet. Take the whole list first.")
            if since == LAST
            else _("Version %(stamp)s was not downloaded by your company, or too long ago. Take the whole list.")
            % {"stamp": since[:20]}
        )
    basis = Basis.from_json(taken.basis)
    if basis.currency != made.basis.currency:
        raise CurrencyChanged(
            _("That list was in %(then)s, yours is in %(now)s now. Take the whole list.")
            % {"then": basis.currency, "now": made.basis.currency}
        )
    changed = taken.catalogue != made.catalogue.state
    return Then(basis, taken.snapshot, taken.read_at, catalogue_changed=changed), taken.stamp


def taken_lists(principal: Principal, made: Made, selection: Selection | None = None) -> Any:
    """What the dealer took along that says what these articles cost on the day or before it, the latest first."""
    key = selection.key if selection else ""
    return TakenList.objects.visible_to(principal).covering(key).filter(on__lte=made.on).order_by("-taken_at")


def _is_of_another_life(snapshot: str) -> bool:
    """Whether the snapshot comes from a database of which this one is a copy: its transactions mean nothing here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(%s::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())", [snapshot])
        return bool(cursor.fetchone()[0])


def own_file(principal: Principal, pk: int) -> PriceFile:
    """The dealer's file. Raises Missing where there is none, or it is another dealer's."""
    found = PriceFile.objects.visible_to(principal).select_related("job").filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such file. Files are kept for three days: ask for it anew."))
    return found


def kept_file(dealer_id: int, key: str) -> PriceFile | None:
    """The dealer's finished file of this key, where it is still kept."""
    found = PriceFile.objects.made().filter(dealer=dealer_id, key=key).first()
    return found if found and found.is_there else None


def branches() -> list[tuple[Category, int]]:
    """The sections a list may be narrowed to, in the catalogue's order, each with its depth from 0. Two levels. One query."""
    found = [(one, len(one.ancestor_ids) - 1) for one in Category.objects.all()]
    names = {one.pk: (one.position, named(one)) for one, _depth in found}
    shown = [(one, depth) for one, depth in found if depth < LEVELS]
    return sorted(shown, key=lambda pair: [names.get(pk, (0, "")) for pk in pair[0].ancestor_ids])


def products_of(principal: Principal, text: str) -> tuple[int, ...]:
    """The articles of pasted SKUs: one a line, or several separated by commas, semicolons or tabs.

    Raises Invalid, naming those that there are not.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    parts = {line: [word.strip() for word in SEPARATORS.split(line) if word.strip()] for line in lines}
    asked = {skus.key(word) for line in lines for word in (line, *parts[line])}
    if len(asked) > 2 * MOST_SKUS:
        raise Invalid(
            _("Up to %(most)s articles at once; take the whole list instead.") % {"most": MOST_SKUS}, field="skus"
        )
    articles = Product.objects.visible_to(principal).filter(sku_key__in=list(asked))
    found = dict(articles.values_list("sku_key", "pk"))
    # A SKU may have a comma of its own: a line that is one article is that one.
    words = [word for line in lines for word in ([line] if skus.key(line) in found else parts[line])]
    unknown = [word for word in dict.fromkeys(words) if skus.key(word) not in found]
    if unknown:
        shown = ", ".join(unknown[:UNKNOWN_SHOWN]) + ("…" if len(unknown) > UNKNOWN_SHOWN else "")
        raise Invalid(
            _("These articles are not known: %(skus)s. Mend or take them out.") % {"skus": shown},
            field="skus",
            unknown=unknown,
        )
    return tuple(found[skus.key(word)] for word in words)
