"""The bytes of a price-list file, as they are made: a chunk of articles at a time, nothing held."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from ordering.programme.queries import HeldTier
from portal.lib.sheets import SheetColumn, Table, workbook
from portal.lib.spreadsheets import safe_cell
from portal.lib.text import in_language

from ..enums import FileFormat
from .basis import Made
from .file_lines import CHANGE_COLUMNS, LIST_COLUMNS, Column, Then, copy_sql, headings, rows_sql

# Raise it when the same prices become other bytes: what was kept of the former layout is then made anew.
LAYOUT: Final = 2
# Articles of a list that is made while its reader waits: a second or so.
SHORT: Final = 100_000
# Articles in one statement of a longer one, which so tells how far it is, and flows before all of it is sorted. Each statement
# reads the lists' prices whole: a tenth of a million each would cost half as much again.
CHUNK: Final = 250_000
BLOCK: Final = 64 * 1024
ALL: Final = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles that a file is about: a category with all below it, some articles, or both; by default all."""

    category_path: str = ""
    product_ids: tuple[int, ...] | None = None

    @property
    def key(self) -> str:
        """A name for the same articles; "" for all."""
        if not self.category_path and self.product_ids is None:
            return ALL
        said = json.dumps([self.category_path, self.product_ids])
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def conditions(self) -> tuple[str, ...]:
        """As `rows_sql` takes them, with `values`."""
        within = "s.category_id IN (SELECT k.id FROM catalog_category k WHERE k.path LIKE %(selected_path)s)"
        return tuple(
            condition
            for condition, given in (
                (within, bool(self.category_path)),
                ("s.id = ANY(%(selected)s)", self.product_ids is not None),
            )
            if given
        )

    @property
    def values(self) -> dict[str, Any]:
        return {"selected_path": f"{self.category_path}%", "selected": list(self.product_ids or ())}


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a file's bytes depend on, but for the catalogue, whose state the stamp of `made` carries."""

    made: Made
    file_format: FileFormat
    language: str
    selection: Selection = field(default_factory=Selection)
    then: Then | None = None
    since_stamp: str = ""  # the name of the prices compared with

    @property
    def key(self) -> str:
        """The name of the bytes: whatever differs in the dealer, the prices, the articles or the words makes another one."""
        said = [
            LAYOUT, self.made.basis.dealer_id, self.made.stamp, self.file_format.value, self.language, self.selection.key,
            self.since_stamp, self.facts(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()

    @property
    def columns(self) -> tuple[Column, ...]:
        return CHANGE_COLUMNS if self.since_stamp else LIST_COLUMNS

    def facts(self) -> dict[str, Any]:
        """What a price list must say of itself, as the API says it."""
        made, tier = self.made, self.made.tiers.all_articles
        return {
            "stamp": made.stamp,
            "changes_since": self.since_stamp or None,
            "valid_from": made.since.isoformat() if made.since else None,
            "valid_until": made.until.isoformat() if made.until else None,
            "currency": made.basis.currency,
            "tier": tier.code if tier else None,
            "discount": str(tier.discount) if tier else "0",
            "brand_tiers": [
                {"brand": one.brand, "tier": one.code, "discount": str(one.discount)} for one in made.tiers.of_brands
            ],
            "versions": [version_id for version_id, _rank, _gross in made.basis.versions],
        }

    def told(self) -> dict[str, Any]:
        """What is remembered of the prices that a file tells, as JSON: enough to reckon them again."""
        made = self.made
        return {
            "file_format": self.file_format.value,
            "stamp": made.stamp,
            "on": made.on.isoformat(),
            "tier": made.tiers.all_articles.code if made.tiers.all_articles else None,
            "since": self.since_stamp,
            "selection": self.selection.key,
            "basis": made.basis.as_json(),
            "catalogue": made.catalogue.state,
            "snapshot": made.catalogue.snapshot,
            "read_at": made.read_at.isoformat(),
        }

    def about(self) -> list[tuple[str, str]]:
        """The same in words of the active language."""
        made, tier = self.made, self.made.tiers.all_articles
        lists = [in_language(one.name_ru, one.name_en, self.language) for one in made.lists]
        said = [
            (_("Version"), made.stamp),
            (_("Compared with version"), self.since_stamp),
            (_("Currency"), made.basis.currency),
            (_("Valid from"), _day(made.since)),
            (_("Valid until"), _day(made.until)),
            (_("Tier"), in_language(tier.name_ru, tier.name_en, self.language) if tier else ""),
            (_("Discount, %"), str(tier.discount) if tier else ""),
            (_("Tiers of brands"), "; ".join(map(self._tier_of_brand, made.tiers.of_brands))),
            (_("Price lists"), ", ".join(lists)),
        ]
        return [(label, value) for label, value in said if value]

    def _tier_of_brand(self, tier: HeldTier) -> str:
        return f"{tier.brand}: {in_language(tier.name_ru, tier.name_en, self.language)}, {tier.discount} %"


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


Told = Callable[[int, int], None]


def file_blocks(recipe: Recipe, tell: Told = lambda _done, _total: None) -> Iterator[bytes]:
    """The bytes of the file in order. `tell` hears (chunks of articles done, of) between two statements."""
    with override(recipe.language):
        names, about = headings(), recipe.about()
        rows = _Rows(recipe, tell, constants=_constants(recipe) if recipe.file_format is FileFormat.CSV else {})
    if recipe.file_format is FileFormat.XLSX:
        columns = [SheetColumn(names[one.name], one.width, is_text=one.kind == "text") for one in recipe.columns]
        with override(recipe.language):
            name, other = _("Changes") if recipe.since_stamp else _("Prices"), _("About")
        yield from workbook(Table(name, columns, rows), about, other)
    elif recipe.file_format is FileFormat.CSV:
        yield _csv_head([*(names[one.name] for one in recipe.columns), *rows.constants])
        yield from _joined(rows)
    else:
        yield orjson.dumps(recipe.facts())[:-1] + b',"results":['
        blocks = _joined(rows)
        yield next(blocks, b"")[1:]
        yield from blocks
        yield b"]}"


def _constants(recipe: Recipe) -> dict[str, str]:
    """What each row of a CSV says of the whole list: rows of two lists stay apart when they are pasted together."""
    said = dict(recipe.about())
    of_brands = (_("Tiers of brands"),) if recipe.made.tiers.of_brands else ()
    wanted = (_("Currency"), _("Valid from"), _("Valid until"), _("Tier"), _("Version"), *of_brands)
    return {label: str(safe_cell(said.get(label, ""))) for label in wanted}


def _csv_head(labels: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerow(labels)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _joined(rows: Iterable[memoryview | bytes]) -> Iterator[bytes]:
    """The rows in blocks: one write to the network for a thousand of them."""
    ready: list[memoryview | bytes] = []
    size = 0
    for row in rows:
        ready.append(row)
        size += len(row)
        if size >= BLOCK:
            yield b"".join(ready)
            ready, size = [], 0
    if ready:
        yield b"".join(ready)


class _Rows:
    """The lines of a file, one COPY for each chunk of articles. To be gone through once; `count` is then their number."""

    def __init__(self, recipe: Recipe, tell: Told, constants: dict[str, str]) -> None:
        self.recipe, self.tell, self.constants, self.count = recipe, tell, constants, 0
        self.statements: dict[bool, tuple[str, dict[str, Any]]] = {
            whole: self._statement(whole=whole) for whole in (True, False)
        }

    def _statement(self, *, whole: bool) -> tuple[str, dict[str, Any]]:
        recipe = self.recipe
        conditions = list(recipe.selection.conditions)
        if not whole:
            conditions += ["s.sku_key > %(after)s", "(%(last)s::text IS NULL OR s.sku_key <= %(last)s)"]
        rows, values = rows_sql(recipe.made.basis, recipe.language, conditions, recipe.then)
        statement = copy_sql(recipe.file_format, recipe.columns, rows, recipe.language, len(self.constants))
        values |= recipe.selection.values
        values |= {f"constant_{n}": text for n, text in enumerate(self.constants.values())}
        return statement, values

    def __iter__(self) -> Iterator[memoryview | bytes]:
        parts = chunks(self.recipe.selection)
        for number, (after, last) in enumerate(parts):
            self.tell(number, len(parts))
            statement, values = self.statements[len(parts) == 1]
            with connection.cursor() as cursor:
                with cursor.copy(statement, values | {"before": self.count, "after": after, "last": last}) as copied:
                    yield from copied
                self.count += cursor.rowcount
        self.tell(len(parts), len(parts))


def is_long(selection: Selection) -> bool:
    """Whether a list of these articles is too long to be waited for."""
    conditions = " AND ".join(selection.conditions) or "true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM catalog_product s WHERE {conditions} OFFSET {SHORT})",  # noqa: S608
            selection.values,
        )
        return bool(cursor.fetchone()[0])


def chunks(selection: Selection) -> list[tuple[str, str | None]]:
    """The articles cut by their SKUs: (after this key, up to this one; None: to the end)."""
    conditions = " AND ".join(selection.conditions) or "true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT sku_key FROM (
                SELECT s.sku_key, row_number() OVER (ORDER BY s.sku_key) AS n, count(*) OVER () AS total
                FROM catalog_product s WHERE {conditions}
            ) s WHERE n %% {CHUNK} = 0 AND n < total ORDER BY n""",  # noqa: S608
            selection.values,
        )
        edges = [key for (key,) in cursor.fetchall()]
    return list(zip(["", *edges], [*edges, None], strict=True))
