"""The price receipt: the trace of a price as data. The dealer sees it, the order line keeps it, the API returns it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.lib.text import in_language

from .enums import LIST_STEPS, StepKind


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that made the price.

    A list's or a break's `amount` is the price of a unit from there on (a later one replaces it); a tier's or promotion's is
    what it adds to the price of a unit, so a discount is negative; the tax's is the tax of the whole line. `id` names the
    rule: a price list version, a price (break), a tier; None for tax. `value` is the percent of a discount or tax, or the
    quantity of a break; `since` the first day of the rule.
    """

    kind: StepKind
    name_ru: str
    name_en: str
    id: int | None
    amount: Decimal
    value: Decimal | None = None
    since: dt.date | None = None

    @property
    def sets_price(self) -> bool:
        """Whether the amount is a price, not a change of one."""
        return self.kind in LIST_STEPS or self.kind is StepKind.BREAK

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "name_ru": self.name_ru,
            "name_en": self.name_en,
            "id": self.id,
            "amount": str(self.amount),
            "value": None if self.value is None else str(self.value),
            "since": None if self.since is None else self.since.isoformat(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Step:
        return cls(
            kind=StepKind(data["kind"]),
            name_ru=data["name_ru"],
            name_en=data["name_en"],
            id=data["id"],
            amount=Decimal(data["amount"]),
            value=_decimal(data["value"]),
            since=_date(data["since"]),
        )


@dataclass(frozen=True, slots=True)
class NextBreak:
    """The next quantity at which a unit costs less: `more` units more, then `unit_price` each, `percent` % less than now."""

    quantity: int
    more: int
    unit_price: Decimal
    percent: Decimal

    def as_json(self) -> dict[str, Any]:
        return {
            "quantity": self.quantity,
            "more": self.more,
            "unit_price": str(self.unit_price),
            "percent": str(self.percent),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> NextBreak:
        return cls(
            quantity=data["quantity"],
            more=data["more"],
            unit_price=Decimal(data["unit_price"]),
            percent=Decimal(data["percent"]),
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """The price of a quantity of an article, and why.

    `unit_price` is without tax, to four digits. `net`, `tax` and `total` are the line's, to the minor unit: net and tax
    each rounded half-up for the line where the list is net; total and the tax in it where the list is gross
    (`tax_included`). `tax_rate` is in percent. `valid_until` is the last day for which this price is certain, None while
    no change is known.
    """

    unit_price: Decimal
    quantity: int
    net: Decimal
    tax: Decimal
    total: Decimal
    currency: str
    tax_rate: Decimal
    tax_included: bool
    valid_until: dt.date | None
    next_break: NextBreak | None
    steps: tuple[Step, ...]

    @property
    def list_price(self) -> Decimal:
        """The price of a unit before discounts, as the winning list says it."""
        return next(step.amount for step in reversed(self.steps) if step.sets_price)

    @property
    def start_price(self) -> Decimal:
        """What the winning list asks for a unit of its lowest quantity."""
        return next(step.amount for step in reversed(self.steps) if step.kind in LIST_STEPS)

    @property
    def change_percent(self) -> Decimal | None:
        """By how many percent the own price differs from the list's; None where it does not."""
        change = (self.own_price - self.start_price) / self.start_price * 100
        return round(change, 1) or None

    @property
    def own_price(self) -> Decimal:
        """The price of a unit after discounts, with or without tax as the winning list says it."""
        return self.list_price + sum(
            step.amount for step in self.steps if not step.sets_price and step.kind is not StepKind.TAX
        )

    def as_json(self) -> dict[str, Any]:
        """As the order line keeps it: `from_json` gives the same receipt back."""
        return {
            "unit_price": str(self.unit_price),
            "quantity": self.quantity,
            "net": str(self.net),
            "tax": str(self.tax),
            "total": str(self.total),
            "currency": self.currency,
            "tax_rate": str(self.tax_rate),
            "tax_included": self.tax_included,
            "valid_until": None if self.valid_until is None else self.valid_until.isoformat(),
            "next_break": None if self.next_break is None else self.next_break.as_json(),
            "steps": [step.as_json() for step in self.steps],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Receipt:
        return cls(
            unit_price=Decimal(data["unit_price"]),
            quantity=data["quantity"],
            net=Decimal(data["net"]),
            tax=Decimal(data["tax"]),
            total=Decimal(data["total"]),
            currency=data["currency"],
            tax_rate=Decimal(data["tax_rate"]),
            tax_included=data["tax_included"],
            valid_until=_date(data["valid_until"]),
            next_break=None if data["next_break"] is None else NextBreak.from_json(data["next_break"]),
            steps=tuple(Step.from_json(step) for step in data["steps"]),
        )

    def in_words(self, language: str | None = None) -> dict[str, Any]:
        """As the API says it: each step with its one name in the language asked for."""
        said = self.as_json()
        said["steps"] = [
            {
                "kind": step.kind.value,
                "name": in_language(step.name_ru, step.name_en, language),
                "id": step.id,
                "amount": str(step.amount),
                "value": None if step.value is None else str(step.value),
                "since": None if step.since is None else step.since.isoformat(),
            }
            for step in self.steps
        ]
        return said


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
