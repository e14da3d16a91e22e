"""The quick order: one answer for each pasted line, a few queries for all. Nothing is rounded, swapped or lost silently."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.principals import Principal
from ordering.catalog.enums import ProductState
from ordering.catalog.models import Product
from ordering.catalog.queries import Availability, availability
from ordering.pricing.queries import PriceContext, quote
from ordering.pricing.receipts import Receipt
from portal.lib.formats import number
from portal.lib.money import Money
from portal.lib.text import named

from ..enums import READY, Verdict
from ..rules import Totals, share_of, totals
from ..rules.packs import MOST, neighbours, not_a_multiple
from ..rules.pasted import Pasted, Reading, pasted_lines
from .codes import Catalogue, look_up


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to take instead: an article, a quantity, or both."""

    sku: str
    name: str
    quantity: int | None

    def as_json(self) -> dict[str, Any]:
        return {"sku": self.sku, "name": self.name, "quantity": self.quantity}


@dataclass(frozen=True, slots=True)
class QuickLine:
    """The answer to one line. `product` is None while nobody knows which article is meant."""

    line: int
    text: str
    verdict: Verdict
    product: Product | None = None
    quantity: int | None = None
    candidates: tuple[Candidate, ...] = ()
    message: str = ""
    net: Money | None = None
    amount: str = ""  # for the words of the verdict: the pack, or "3 of 12"
    merged_into: int | None = None  # the line of the same article that is judged for both
    waits: bool = False  # merged into a line that is not ready

    @property
    def is_ready(self) -> bool:
        return self.verdict in READY and not self.waits

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "text": self.text,
            "verdict": self.verdict.value,
            "sku": self.product.sku if self.product else None,
            "quantity": self.quantity,
            "candidates": [candidate.as_json() for candidate in self.candidates],
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class QuickAnswer:
    """All answers in the order of the lines, and what the ready ones come to.

    `text` is the text to go on with: as sent, but lines of one article that wait for a decision are one line, the first.
    """

    lines: tuple[QuickLine, ...]
    totals: Totals
    text: str = ""

    @property
    def ready(self) -> list[QuickLine]:
        return [line for line in self.lines if line.is_ready]

    @property
    def open(self) -> list[QuickLine]:
        return [line for line in self.lines if not line.is_ready]

    @property
    def to_add(self) -> list[tuple[int, int]]:
        """The ready lines as `add_lines` takes them."""
        return [(line.product.pk, line.quantity) for line in self.ready if line.product and line.quantity]


@dataclass(slots=True)
class _Facts:
    """What all lines are judged by."""

    catalogue: Catalogue
    stock: Mapping[int, Availability] = field(default_factory=dict)
    receipts: Mapping[int, Receipt] = field(default_factory=dict)


def answer_lines(principal: Principal, text: str, on: dt.date) -> QuickAnswer:
    """The answer to every line of a pasted text. Raises TooManyLines."""
    pasted = pasted_lines(text)
    facts = _Facts(look_up(pasted, principal))
    answers = [_recognised(line, facts.catalogue) for line in pasted]
    wanted = _wanted(answers)
    products = {answer.product.pk: answer.product for answer in answers if answer.product}
    facts.stock = availability(products.values(), principal)
    facts.receipts = quote(PriceContext.of(principal, on), list(wanted.items())) if wanted else {}
    answers = _folded(answers, facts, wanted)
    ready = {answer.product.pk for answer in answers if answer.is_ready and answer.product}
    sums = totals((facts.receipts[pk] for pk in ready), principal.currency)
    return QuickAnswer(tuple(answers), sums, _text_to_go_on_with(text, answers))


def _wanted(answers: Iterable[QuickLine]) -> dict[int, int]:
    """How many units of each article all lines together ask for."""
    wanted: dict[int, int] = defaultdict(int)
    for answer in answers:
        if answer.product and answer.quantity:
            wanted[answer.product.pk] += answer.quantity
    return dict(wanted)


def _recognised(pasted: Pasted, catalogue: Catalogue) -> QuickLine:
    """Which article and quantity a line means, if that is certain."""
    start = QuickLine(pasted.line, pasted.text, Verdict.UNKNOWN, quantity=_whole(pasted.readings[0].quantity))
    for found in (catalogue.exact(pasted), catalogue.loose(pasted)):
        products = {product.pk: product for _reading, product in found}
        if len(products) > 1:
            message = ngettext("%(n)s article fits.", "%(n)s articles fit.", len(products)) % {"n": len(products)}
            quantity = _first_quantity(found)
            return replace(
                start, verdict=Verdict.CHOOSE, quantity=quantity, candidates=_choices(found), message=message
            )
        if products:
            reading, product = found[0]
            return _with_quantity(start, reading, product, _said(reading, product, catalogue))
    if similar := catalogue.similar(pasted):
        message = _("There is no such article. Is it one of these?")
        return replace(start, candidates=_choices(similar), quantity=_first_quantity(similar), message=message)
    if by_words := catalogue.by_words.get(pasted.line):
        choices = tuple(Candidate(product.sku, named(product), None) for product in by_words)
        return replace(
            start, verdict=Verdict.CHOOSE, quantity=None, candidates=choices, message=_("These fit the words.")
        )
    return replace(start, message=_("There is no such article."))


def _whole(quantity: Decimal | None) -> int | None:
    return int(quantity) if quantity is not None and quantity == int(quantity) else None


def _first_quantity(found: Sequence[tuple[Reading, Product]]) -> int | None:
    return next((_whole(reading.quantity) for reading, _product in found if reading.quantity), None)


def _choices(found: Sequence[tuple[Reading, Product]]) -> tuple[Candidate, ...]:
    chosen = {
        product.pk: Candidate(product.sku, named(product), _whole(reading.quantity))
        for reading, product in reversed(found)
    }
    return tuple(reversed(chosen.values()))[:5]


def _said(reading: Reading, product: Product, catalogue: Catalogue) -> str:
    """How the code was read, where it is not the article's SKU as it stands."""
    if reading.code.casefold() == product.sku_key:
        return ""
    text = _("Your code for %(sku)s.") if catalogue.is_own(reading) else _("Read as %(sku)s.")
    return text % {"sku": product.sku}


def _with_quantity(start: QuickLine, reading: Reading, product: Product, said: str) -> QuickLine:
    """The article is certain; the quantity may be missing, a fraction, or out of bounds."""
    line = replace(start, verdict=Verdict.OK, product=product, message=said)
    if reading.quantity is None:
        message = (
            _("No quantity given: one pack of %(pack)s taken.")
            if product.pack > 1
            else _("No quantity given: 1 taken.")
        )
        return replace(line, quantity=product.pack, message=f"{said} {message % {'pack': product.pack}}".strip())
    quantity = _whole(reading.quantity)
    if quantity is None or not 1 <= quantity <= MOST:
        return _not_whole(line, reading.quantity, product)
    return replace(line, quantity=quantity)


def _not_whole(line: QuickLine, asked: Decimal, product: Product) -> QuickLine:
    """A fraction, nothing, or too much: the packs below and above it are offered."""
    below = int(min(asked, Decimal(MOST))) // product.pack * product.pack
    fits = [n for n in (below, below + product.pack) if 0 < n <= MOST]
    return replace(
        line,
        verdict=Verdict.NOT_MULTIPLE,
        quantity=None,
        candidates=tuple(Candidate(product.sku, named(product), n) for n in fits),
        message=_("Give a whole number from 1 to 1,000,000."),
        amount=str(product.pack) if product.pack > 1 else "",
    )


def _judged(line: QuickLine, facts: _Facts) -> QuickLine:
    """A certain line, with the quantity of all lines of its article, against its state, pack, price and stock."""
    product = line.product
    if product is None or line.verdict is not Verdict.OK:
        return line
    if product.state == ProductState.DISCONTINUED:
        return _discontinued(line, product)
    if product.state == ProductState.ANNOUNCED:
        return replace(line, verdict=Verdict.UNKNOWN, message=_("It is announced and cannot be ordered yet."))
    if product.pk not in facts.receipts:
        return replace(line, verdict=Verdict.UNKNOWN, message=_("It has no price in your list. Ask your manager."))
    quantity = line.quantity or 0
    if around := neighbours(quantity, product.pack):
        choices = tuple(Candidate(product.sku, named(product), n) for n in (around.lower, around.upper) if n)
        message = not_a_multiple(quantity, product.pack)
        return replace(
            line, verdict=Verdict.NOT_MULTIPLE, candidates=choices, message=message, amount=str(product.pack)
        )
    return _against_stock(line, product, facts.stock[product.pk], quantity)


def _discontinued(line: QuickLine, product: Product) -> QuickLine:
    successor = product.successor
    if successor is None:
        return replace(line, verdict=Verdict.DISCONTINUED, message=_("It is discontinued and has no successor."))
    message = _("It is discontinued. Its successor is %(sku)s.") % {"sku": successor.sku}
    choice = Candidate(successor.sku, named(successor), line.quantity)
    return replace(line, verdict=Verdict.DISCONTINUED, candidates=(choice,), message=message)


def _against_stock(line: QuickLine, product: Product, stock: Availability, asked: int) -> QuickLine:
    free = stock.quantity
    if free is None:
        return replace(line, message=f"{line.message} {_('To order: not kept in stock.')}".strip())
    if free >= asked:
        return line
    words = {"free": number(free), "asked": number(asked), "rest": number(asked - free)}
    if product.backorder:
        message = _("%(free)s in stock, %(rest)s will be backordered.") % words
        return replace(line, message=f"{line.message} {message}".strip())
    fits = free - free % product.pack
    choices = (Candidate(product.sku, named(product), fits),) if fits else ()
    return replace(line, verdict=Verdict.SHORT, candidates=choices, amount=_("%(free)s of %(asked)s") % words)


def _folded(answers: Sequence[QuickLine], facts: _Facts, wanted: Mapping[int, int]) -> list[QuickLine]:
    """Lines of one article are judged once, on their sum, at the first of them; the others say with which they are merged.

    Ready lines keep their own quantities, with their shares of the sum; a first line that waits stands for all of them.
    """
    first: dict[int, QuickLine] = {}
    sofar: dict[int, int] = defaultdict(int)
    folded = []
    for answer in answers:
        product = answer.product
        if answer.verdict is not Verdict.OK or product is None or not answer.quantity:
            folded.append(answer)
            continue
        together = wanted[product.pk]
        line = _merged(answer, first[product.pk], together) if product.pk in first else _first(answer, facts, together)
        first.setdefault(product.pk, line)
        if line.is_ready:
            line = replace(line, net=_net(facts.receipts[product.pk], answer.quantity, sofar[product.pk]))
            sofar[product.pk] += answer.quantity
        folded.append(line)
    return folded


def _first(answer: QuickLine, facts: _Facts, together: int) -> QuickLine:
    line = _judged(replace(answer, quantity=together), facts)
    if line.is_ready:
        return replace(line, quantity=answer.quantity)
    if together == answer.quantity:
        return line
    said = _("All lines together ask for %(asked)s.") % {"asked": number(together)}
    return replace(line, message=f"{said} {line.message}".strip())


def _merged(answer: QuickLine, first: QuickLine, together: int) -> QuickLine:
    said = _("Merged with line %(line)s, together %(units)s.") % {"line": first.line, "units": number(together)}
    message = f"{answer.message} {said}".strip()
    waits = not first.is_ready
    return replace(answer, verdict=Verdict.MERGED, message=message, merged_into=first.line, waits=waits)


def _net(receipt: Receipt, part: int, before: int) -> Money:
    """One line's share of what all lines of its article cost."""
    net = share_of(receipt.net, part=part, before=before, whole=receipt.quantity, currency=receipt.currency)
    return Money(net, receipt.currency)


def _text_to_go_on_with(text: str, answers: Sequence[QuickLine]) -> str:
    """A remedy writes one line anew, so what it stands for must be that one line; the line numbers stay."""
    waiting = {answer.merged_into for answer in answers if answer.waits}
    if not waiting:
        return text
    lines = text.splitlines()
    for answer in answers:
        if answer.waits:
            lines[answer.line - 1] = ""
        elif answer.line in waiting and answer.product:
            lines[answer.line - 1] = f"{answer.product.sku}; {answer.quantity}"
    return "\n".join(lines)
