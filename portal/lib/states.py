"""The words of state: one table of icon, colour and word for every stage that a person can see.

A page writes `<c-state axis="order" value="placed" />`; nobody else chooses an icon or a colour. The order within an axis is the
order of the trade, so the table also serves legends and the style guide. A word may have a fuller form with a day or an amount
("Out, due 12 Jan"), used when the page has one to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Tone: TypeAlias = Literal["none", "ok", "info", "warn", "bad"]
Text: TypeAlias = "str | Promise"


@dataclass(frozen=True, slots=True)
class StateWord:
    """How one state looks and reads. `with_day` and `with_amount` hold `%(day)s` and `%(amount)s`."""

    icon: str
    tone: Tone
    word: Text
    with_day: Text = ""
    with_amount: Text = ""

    def text(self, *, day: str = "", amount: str = "") -> str:
        """The word, in its fuller form where there is one and its value was given."""
        if day and self.with_day:
            return str(self.with_day) % {"day": day}
        if amount and self.with_amount:
            return str(self.with_amount) % {"amount": amount}
        return str(self.word)


ORDER: Final[Mapping[str, StateWord]] = {
    "draft": StateWord("pencil", "none", pgettext_lazy("order", "Draft")),
    "awaiting_approval": StateWord("person-check", "warn", pgettext_lazy("order", "Awaiting approval")),
    "placed": StateWord("inbox", "none", pgettext_lazy("order", "Placed")),
    "confirmed": StateWord("check2", "info", pgettext_lazy("order", "Confirmed")),
    "in_progress": StateWord("box-seam", "info", pgettext_lazy("order", "In progress")),
    "part_shipped": StateWord("truck", "info", pgettext_lazy("order", "Part shipped")),
    "shipped": StateWord("truck", "ok", pgettext_lazy("order", "Shipped")),
    "completed": StateWord("check-circle-fill", "ok", pgettext_lazy("order", "Completed")),
    "late": StateWord("exclamation-triangle-fill", "bad", pgettext_lazy("order", "Late")),
    "cancelled": StateWord("x-circle", "none", pgettext_lazy("order", "Cancelled")),
}

LINE: Final[Mapping[str, StateWord]] = {
    "placed": StateWord("inbox", "none", pgettext_lazy("line", "Placed")),
    "confirmed": StateWord("check2", "info", pgettext_lazy("line", "Confirmed")),
    "picking": StateWord("box-seam", "info", pgettext_lazy("line", "Picking")),
    "shipped": StateWord("truck", "ok", pgettext_lazy("line", "Shipped")),
    "backordered": StateWord(
        "clock-history",
        "warn",
        pgettext_lazy("line", "On backorder"),
        with_amount=pgettext_lazy("line", "%(amount)s on backorder"),
    ),
    "cancelled": StateWord(
        "x-circle",
        "none",
        pgettext_lazy("line", "Cancelled"),
        with_amount=pgettext_lazy("line", "%(amount)s cancelled"),
    ),
}

AVAILABILITY: Final[Mapping[str, StateWord]] = {
    "in_stock": StateWord(
        "check-circle-fill", "ok", pgettext_lazy("availability", "In stock"), with_amount="%(amount)s"
    ),
    "low": StateWord("circle-half", "warn", pgettext_lazy("availability", "Few left"), with_amount="%(amount)s"),
    "to_order": StateWord(
        "calendar3",
        "info",
        pgettext_lazy("availability", "To order"),
        with_day=pgettext_lazy("availability", "To order, %(day)s"),
    ),
    "out": StateWord(
        "slash-circle",
        "bad",
        pgettext_lazy("availability", "Out of stock"),
        with_day=pgettext_lazy("availability", "Out, due %(day)s"),
    ),
    "discontinued": StateWord(
        "arrow-right-circle",
        "none",
        pgettext_lazy("availability", "Discontinued"),
        with_amount=pgettext_lazy("availability", "Discontinued, see %(amount)s"),
    ),
}

VERDICT: Final[Mapping[str, StateWord]] = {
    "ok": StateWord("check-circle-fill", "ok", pgettext_lazy("verdict", "Ready")),
    "choose": StateWord("question-circle-fill", "info", pgettext_lazy("verdict", "Choose")),
    "unknown": StateWord("x-octagon-fill", "bad", pgettext_lazy("verdict", "Unknown")),
    "discontinued": StateWord("arrow-right-circle-fill", "warn", pgettext_lazy("verdict", "Discontinued")),
    "not_multiple": StateWord(
        "boxes",
        "warn",
        pgettext_lazy("verdict", "Not a multiple of the pack"),
        with_amount=pgettext_lazy("verdict", "Not a multiple of %(amount)s"),
    ),
    "short": StateWord(
        "clock-history",
        "warn",
        pgettext_lazy("verdict", "Not enough in stock"),
        with_amount=pgettext_lazy("verdict", "%(amount)s in stock"),
    ),
    "merged": StateWord("intersect", "none", pgettext_lazy("verdict", "Merged")),
}

CLIENT: Final[Mapping[str, StateWord]] = {
    "free": StateWord("unlock-fill", "ok", pgettext_lazy("client", "Free")),
    "yours": StateWord(
        "shield-check",
        "info",
        pgettext_lazy("client", "Yours"),
        with_day=pgettext_lazy("client", "Yours until %(day)s"),
    ),
    "expiring": StateWord("alarm", "warn", pgettext_lazy("client", "Ends soon"), with_amount="%(amount)s"),
    "protected": StateWord("lock-fill", "bad", pgettext_lazy("client", "Protected")),
    "under_review": StateWord("hourglass-split", "warn", pgettext_lazy("client", "Under review")),
}

PAYMENT: Final[Mapping[str, StateWord]] = {
    "none": StateWord("circle", "none", pgettext_lazy("payment", "Not invoiced")),
    "due": StateWord(
        "circle",
        "none",
        pgettext_lazy("payment", "Not paid"),
        with_day=pgettext_lazy("payment", "due %(day)s"),
    ),
    "part": StateWord("circle-half", "info", pgettext_lazy("payment", "Part paid")),
    "today": StateWord("clock", "warn", pgettext_lazy("payment", "Due today")),
    "full": StateWord("check-circle-fill", "ok", pgettext_lazy("payment", "Paid")),
    "overdue": StateWord(
        "exclamation-triangle-fill",
        "bad",
        pgettext_lazy("payment", "Overdue"),
        with_amount=pgettext_lazy("payment", "%(amount)s overdue"),
    ),
}

READING: Final[Mapping[str, StateWord]] = {
    "to_read": StateWord(
        "exclamation-circle-fill",
        "warn",
        pgettext_lazy("reading", "To read"),
        with_day=pgettext_lazy("reading", "Read by %(day)s"),
    ),
    "read": StateWord(
        "check-circle-fill",
        "ok",
        pgettext_lazy("reading", "Read"),
        with_day=pgettext_lazy("reading", "Read on %(day)s"),
    ),
}

AXES: Final[Mapping[str, Mapping[str, StateWord]]] = {
    "order": ORDER,
    "line": LINE,
    "availability": AVAILABILITY,
    "verdict": VERDICT,
    "client": CLIENT,
    "payment": PAYMENT,
    "reading": READING,
}


def state_word(axis: str, value: str) -> StateWord:
    """The look of one state. Raises KeyError naming both: a state that has no word is a bug to be seen, not a blank."""
    try:
        return AXES[axis][value]
    except KeyError:
        raise KeyError(f"no word for state {value!r} on axis {axis!r}: add it to portal/lib/states.py") from None
