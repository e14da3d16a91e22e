"""Amounts with a currency. Never a float: `Decimal`, rounded half-up to the minor unit."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

UNIT_STEP = Decimal("0.0001")
# ISO 4217 minor units where they are not two.
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "BHD": 3, "KWD": 3, "TND": 3}


def minor_step(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for RUB, 1 for JPY."""
    return Decimal(1).scaleb(-MINOR_DIGITS.get(currency, 2))


def round_minor(amount: Decimal, currency: str) -> Decimal:
    """Half-up to the minor unit of the currency: how every line and every tax is rounded."""
    return amount.quantize(minor_step(currency), ROUND_HALF_UP)


def round_unit(amount: Decimal) -> Decimal:
    """Half-up to four digits: how unit prices are kept."""
    return amount.quantize(UNIT_STEP, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217). Two currencies never add up."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return Money(self.amount + other.amount, self.currency)

    def as_json(self) -> dict[str, str]:
        """`{"amount": "1234.50", "currency": "RUB"}`, as the API says it."""
        return {"amount": str(self.amount), "currency": self.currency}
