"""Geometry of the small charts that the server draws as SVG.

Everything horizontal is a percentage written with a point, whatever the language, so that text keeps its size at every width;
everything vertical is in CSS pixels of a fixed height. No template computes a coordinate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from portal.lib.money import Money

PLOT_TOP: Final = 18  # px, the line of the largest tick
PLOT_BASE: Final = 208  # px, the line of zero
LABEL_GAP: Final = Decimal("13")  # percent of the tier bar that two neighbouring labels need


class Threshold(Protocol):
    """A tier as the bar needs it."""

    @property
    def threshold(self) -> Money | Decimal: ...


@dataclass(frozen=True, slots=True)
class TierTick:
    """A tier's mark: `x` in percent, `anchor` keeps the words inside the bar, `reached` and `first` choose the style."""

    tier: Threshold
    threshold: Money | Decimal
    x: str
    anchor: str
    first: bool
    crowded: bool


@dataclass(frozen=True, slots=True)
class TierBar:
    """Volume on the scale of all tiers: `go` is what was bought, `plus` what it would be with the cart."""

    go: str
    plus: str
    ticks: tuple[TierTick, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of a chart; a missing figure has no height. All in px but x."""

    label: str
    x: str
    width: str
    middle: str
    y: str
    height: str
    then_y: str
    then_from: str
    then_to: str
    part: bool
    now: Decimal | None
    then: Decimal | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale: its figure and its height in px."""

    value: Decimal
    y: str
    text_y: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Columns of this period with ticks of the period compared."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


class Point(Protocol):
    """A month, a category …: this period's figure and the compared one; `part` is an unfinished period."""

    @property
    def label(self) -> str: ...
    @property
    def now(self) -> Decimal | None: ...
    @property
    def then(self) -> Decimal | None: ...
    @property
    def part(self) -> bool: ...


def share(value: Decimal | int, whole: Decimal | int) -> str:
    """`37.5%`: never below 0 or above 100, and 0 of nothing is 0."""
    return _percent(_ratio(Decimal(value), Decimal(whole)))


def _ratio(value: Decimal, whole: Decimal) -> Decimal:
    if whole <= 0:
        return Decimal(0)
    return min(max(value / whole * 100, Decimal(0)), Decimal(100))


def _percent(value: Decimal) -> str:
    return f"{value:.2f}%"


def _bare(value: Money | Decimal | None) -> Decimal:
    return value.amount if isinstance(value, Money) else value or Decimal(0)


def tier_bar(volume: Money | Decimal, plus: Money | Decimal | None, tiers: Sequence[Threshold]) -> TierBar:
    """The bar ends at the highest threshold, or at the volume where nothing is above it."""
    bought, more = _bare(volume), _bare(plus)
    whole = max([_bare(tier.threshold) for tier in tiers] + [bought, Decimal(1)])
    ticks: list[TierTick] = []
    last = Decimal(-100)
    for tier in tiers:
        at = _ratio(_bare(tier.threshold), whole)
        anchor = "start" if at < 5 else "end" if at > 95 else "middle"
        crowded = at - last < LABEL_GAP
        ticks.append(TierTick(tier, tier.threshold, _percent(at), anchor, at == 0, crowded))
        last = at
    return TierBar(_percent(_ratio(bought, whole)), _percent(_ratio(bought + more, whole)), tuple(ticks))


def fill(total: int, *parts: int) -> tuple[tuple[str, str], ...]:
    """Shares of a whole laid side by side: (x, width) for each part, in percent."""
    spans: list[tuple[str, str]] = []
    before = 0
    for part in parts:
        spans.append((share(before, total), share(min(part, max(total - before, 0)), total)))
        before += part
    return tuple(spans)


def _nice_step(highest: Decimal, steps: int) -> Decimal:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that covers `highest` in `steps` steps."""
    rough = highest / steps
    power = Decimal(10) ** rough.adjusted()
    return next(power * factor for factor in (1, 2, Decimal("2.5"), 5, 10) if power * factor >= rough)


def bar_chart(points: Sequence[Point], *, steps: int = 3) -> BarChart:
    """Columns over a scale that begins at zero and ends at a round figure not below the largest value."""
    highest = max((value for p in points for value in (p.now, p.then) if value is not None), default=Decimal(0))
    step = _nice_step(highest, steps) if highest > 0 else Decimal(1)
    top = step * steps

    def y(value: Decimal | None) -> Decimal:
        return PLOT_BASE - _ratio(value or Decimal(0), top) / 100 * (PLOT_BASE - PLOT_TOP)

    slot = Decimal(100) / max(len(points), 1)
    bars = []
    for index, point in enumerate(points):
        left = slot * index
        bars.append(
            Bar(
                label=point.label,
                x=_percent(left + slot * Decimal("0.2")),
                width=_percent(slot * Decimal("0.6")),
                middle=_percent(left + slot / 2),
                y=f"{y(point.now):.1f}",
                height=f"{PLOT_BASE - y(point.now):.1f}",
                then_y=f"{y(point.then):.1f}",
                then_from=_percent(left + slot * Decimal("0.1")),
                then_to=_percent(left + slot * Decimal("0.9")),
                part=point.part,
                now=point.now,
                then=point.then,
            )
        )
    ticks = tuple(Tick(step * n, f"{y(step * n):.1f}", f"{y(step * n) + 4:.1f}") for n in range(steps + 1))
    return BarChart(tuple(bars), ticks)
