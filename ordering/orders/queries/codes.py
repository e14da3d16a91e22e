"""Which articles the readings of pasted lines may mean: looked up for all lines together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from django.db import connection

from accounts.principals import Principal
from ordering.catalog.models import Barcode, Product
from ordering.catalog.querysets import ProductQuerySet
from ordering.codes.queries import meant_by
from portal.lib import skus
from search import codes
from search.access import EVERYONE, Access
from search.engines import search
from search.neighbours import similar_to_each
from search.query import Query

from ..rules.pasted import Pasted, Reading

Found = list[tuple[Reading, Product]]
BATCH: Final = 5_000  # codes in one statement
# Signs that people and scanners take for each other: never read one as the other, only ask.
MISTAKEN: Final = tuple(str.maketrans(*pair) for pair in (("o", "0"), ("0", "o"), ("il", "11"), ("1", "i"), ("1", "l")))
MOST_NEIGHBOURS: Final = 500  # lines nobody knows whose neighbours are looked for
MOST_CANDIDATES: Final = 4
MOST_SEARCHES: Final = 20  # lines nobody knows that are also searched for by their words


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The articles that any reading of any line may mean, by every form of their codes."""

    by_sku: Mapping[str, Product]
    by_gtin: Mapping[str, Sequence[Product]]
    by_own: Mapping[str, Product] = field(default_factory=dict)
    by_form: Mapping[str, Sequence[Product]] = field(default_factory=dict)
    by_neighbour: Mapping[str, Sequence[Product]] = field(default_factory=dict)
    by_words: Mapping[int, Sequence[Product]] = field(default_factory=dict)

    def exact(self, line: Pasted) -> Found:
        """Readings whose code is an article's SKU or barcode as it stands, or what the dealer calls it."""
        found: Found = []
        for reading in line.readings:
            if self.is_own(reading):
                found.append((reading, self.by_own[codes.folded(reading.code)]))
            if product := self.by_sku.get(skus.key(reading.code)):
                found.append((reading, product))
            elif gtin := codes.gtin(reading.code):
                found += [(reading, product) for product in self.by_gtin.get(gtin, ())]
        return found

    def is_own(self, reading: Reading) -> bool:
        """Whether the reading's code is the dealer's own."""
        return codes.folded(reading.code) in self.by_own

    def loose(self, line: Pasted) -> Found:
        """Readings whose code is a part number, or an article's code written with other separators or twin letters."""
        forms = ((reading, form) for reading in line.readings for form in _forms(reading.code))
        return [(reading, product) for reading, form in forms for product in self.by_form.get(form, ())]

    def similar(self, line: Pasted) -> Found:
        """Readings with signs that are easily mistaken, and those one sign away: never taken without asking."""
        mistaken = ((reading, form) for reading in line.readings for form in _mistaken(reading.code))
        found = [(reading, product) for reading, form in mistaken for product in self.by_form.get(form, ())]
        near = ((reading, codes.folded(reading.code)) for reading in line.readings)
        return found + [(reading, product) for reading, code in near for product in self.by_neighbour.get(code, ())]


def look_up(lines: Sequence[Pasted], principal: Principal) -> Catalogue:
    """Every article these lines may mean: by SKU and barcode, then, for lines that has not settled, by other forms of codes."""
    read = {reading.code for line in lines for reading in line.readings}
    known = Catalogue(_by_sku(read, principal), _by_gtin(read, principal), _by_own(read, principal))
    unsettled = [line for line in lines if not known.exact(line)]
    known = replace(known, by_form=_by_form({form for line in unsettled for form in _all_forms(line)}, principal))
    lost = [line for line in unsettled if not known.loose(line) and not known.similar(line)]
    known = replace(known, by_neighbour=_by_neighbour(lost[:MOST_NEIGHBOURS], principal))
    lost = [line for line in lost if not known.similar(line)]
    return replace(known, by_words=_by_words(lost[:MOST_SEARCHES], principal))


def _in_batches(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(values))
    while batch := list(islice(rest, BATCH)):
        yield batch


def _products(principal: Principal) -> ProductQuerySet:
    return Product.objects.visible_to(principal).select_related("successor")


def _by_sku(read: Iterable[str], principal: Principal) -> dict[str, Product]:
    keys = {skus.key(code) for code in read}
    return {product.sku_key: product for batch in _in_batches(keys) for product in _products(principal).by_sku(batch)}


def _by_gtin(read: Iterable[str], principal: Principal) -> dict[str, list[Product]]:
    gtins = {gtin for code in read if (gtin := codes.gtin(code))}
    pairs = [
        pair
        for batch in _in_batches(gtins)
        for pair in Barcode.objects.filter(gtin__in=batch).values_list("gtin", "product")
    ]
    products = _products(principal).in_bulk({product_id for _gtin, product_id in pairs}) if pairs else {}
    found: dict[str, list[Product]] = defaultdict(list)
    for gtin, product_id in pairs:
        if product_id in products:
            found[gtin].append(products[product_id])
    return found


def _by_own(read: Iterable[str], principal: Principal) -> dict[str, Product]:
    """Articles by what the principal's dealer calls them."""
    meant = meant_by(principal, read)
    products = _products(principal).in_bulk(set(meant.values())) if meant else {}
    return {folded: products[product_id] for folded, product_id in meant.items() if product_id in products}


def _by_neighbour(lines: Sequence[Pasted], principal: Principal) -> dict[str, list[Product]]:
    """Articles whose code is one sign away from what lines nobody knows say, by that."""
    read = {folded for line in lines for reading in line.readings if (folded := codes.folded(reading.code))}
    meant = sorted(code for code in read if len(code) > codes.SHORTEST_SIMILAR and codes.is_code_like(code))
    near = similar_to_each("product", meant, Access.of(EVERYONE), limit=MOST_CANDIDATES) if meant else {}
    wanted = {int(key) for keys in near.values() for key in keys}
    products = _products(principal).in_bulk(wanted) if wanted else {}
    return {code: [products[int(key)] for key in keys if int(key) in products] for code, keys in near.items()}


def _by_form(forms: Iterable[str], principal: Principal) -> dict[str, list[Product]]:
    """Articles by the forms that the search index keeps of their SKUs and part numbers."""
    pairs = [(form, int(key)) for batch in _in_batches(forms) for form, key in _kept_under(batch)]
    products = _products(principal).in_bulk({product_id for _form, product_id in pairs}) if pairs else {}
    found: dict[str, list[Product]] = defaultdict(list)
    for form, product_id in pairs:
        if product_id in products and products[product_id] not in found[form]:
            found[form].append(products[product_id])
    return found


# One look into the index for each form: asked "any of these thousands", PostgreSQL reads the whole table instead.
KEPT_UNDER: Final = """
    SELECT form, entry.key
      FROM unnest(%s::text[]) AS form
      JOIN search_entry AS entry ON entry.codes @> ARRAY[form] AND entry.kind = 'product' AND NOT entry.gone
"""


def _kept_under(forms: Sequence[str]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(KEPT_UNDER, [list(forms)])
        return list(cursor.fetchall())


def _by_words(lines: Sequence[Pasted], principal: Principal) -> dict[int, list[Product]]:
    """The best few articles for the words of lines that are no code at all; the whole line is asked first."""
    found: dict[int, list[int]] = {}
    for line in lines:
        for words in dict.fromkeys((line.text, line.readings[0].code)):
            question = Query(
                kind="product",
                text=words,
                access=Access.of(EVERYONE),
                language=principal.language,
                limit=3,
                as_typed=True,
            )
            if keys := [int(key) for key in search(question).keys]:
                found[line.line] = keys
                break
    wanted = {pk for keys in found.values() for pk in keys}
    products = _products(principal).in_bulk(wanted) if wanted else {}
    return {line: [products[pk] for pk in keys if pk in products] for line, keys in found.items()}


def _forms(code: str) -> list[str]:
    """The forms in which a code that was not typed exactly may still be certain. A bare number or a word is not."""
    folded = codes.folded(code)
    return (
        [codes.as_typed(code), codes.as_folded(code)]
        if codes.is_code_like(folded) and not folded.isdigit()
        else [codes.as_typed(code)]
    )


def _mistaken(code: str) -> list[str]:
    folded = codes.folded(code)
    if not codes.is_code_like(folded):
        return []
    return [f"~{variant}" for table in MISTAKEN if (variant := folded.translate(table)) != folded]


def _all_forms(line: Pasted) -> set[str]:
    return {form for reading in line.readings for form in (*_forms(reading.code), *_mistaken(reading.code))}
