"""Filters and tags of the pages, built in: no template loads them. The logic is in `portal.lib.formats` and its neighbours."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from portal.lib import charts, fields, formats, states, text
from portal.lib.brand import Brand
from portal.lib.brand import brand as current_brand
from portal.lib.money import Money

register = template.Library()

STALE_AFTER = timedelta(hours=2)

Amount = Money | Decimal | None
Number = Decimal | int | float | None


@register.filter
def money(value: Amount, currency: str | None = None) -> str:
    """`1 234,50 ₽`; a bare Decimal takes its currency as the argument."""
    return formats.money(value, currency)


@register.filter
def money_short(value: Amount, currency: str | None = None) -> str:
    """Without kopecks: summaries only."""
    return formats.money(value, currency, short=True)


@register.filter
def money_signed(value: Amount, currency: str | None = None) -> str:
    """A difference: `+150,00 ₽`, `−276,00 ₽`."""
    return formats.money(value, currency, signed=True)


@register.filter
def money_signed_short(value: Amount, currency: str | None = None) -> str:
    """A difference without kopecks: summaries only."""
    return formats.money(value, currency, signed=True, short=True)


@register.filter
def money_words(value: Amount, currency: str | None = None) -> str:
    """`5,49 млн ₽`."""
    return formats.money_words(value, currency)


@register.filter
def unit_price(value: Amount, currency: str | None = None) -> str:
    """A price for one unit, with more than two decimals only where the price has them."""
    return formats.unit_price(value, currency)


@register.filter
def percent(value: Number) -> str:
    """`8 %`."""
    return formats.percent(value)


@register.filter
def percent_signed(value: Number) -> str:
    """`−8 %`, `+9,4 %`."""
    return formats.percent(value, signed=True)


@register.filter
def number(value: Number) -> str:
    """`1 184`."""
    return formats.number(value)


@register.filter
def price_figure(value: Decimal | None, currency: str) -> str:
    """`1 234,50`: a unit price in a column whose head names the currency."""
    return formats.price_figure(value, currency)


@register.filter
def price_typed(value: Decimal | None, currency: str) -> str:
    """`1234,50`: a unit price in a field."""
    return formats.price_typed(value, currency)


@register.filter
def quantity(value: Decimal | int | None, unit: str = "pcs") -> str:
    """`40 шт`."""
    return formats.quantity(value, unit)


@register.filter
def days(value: int) -> str:
    """`3 дня`."""
    return formats.days(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """`19 ноя`."""
    return formats.day(value)


@register.filter
def day_long(value: date | datetime | None) -> str:
    """`19 ноября`."""
    return formats.day_long(value)


@register.filter
def day_week(value: date | datetime | None) -> str:
    """`среда, 25 ноября`."""
    return formats.day_of_week(value)


@register.filter
def moment(value: datetime | None) -> str:
    """`сегодня, 11:48`."""
    return formats.moment(value)


@register.filter
def clock(value: datetime | None) -> str:
    """`11:48`."""
    return formats.clock(value)


@register.filter
def initials(value: str) -> str:
    """`ИВ`."""
    return formats.initials(value)


@register.filter
def named(value: Any, field: str = "name") -> str:
    """The name of a catalogue row in the language of the page: `{{ product|named }}`, `{{ product|named:"description" }}`."""
    return text.named(value, field=field)


@register.filter
def iso(value: date | datetime | None) -> str:
    """For `<time datetime>`."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).isoformat(timespec="minutes")
    return value.isoformat() if value else ""


@register.filter
def share(value: Decimal | int, whole: Decimal | int) -> str:
    """`37.5%` for the width of an SVG bar, the same in every language."""
    return charts.share(value, whole)


@register.filter
def plain(value: Decimal | int | float | None) -> str:
    """A number for a machine to read (a field's value, an SVG attribute): no groups, a decimal point."""
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


@register.filter
def rest(attrs: Mapping[str, Any], known: str = "") -> SafeString:
    """A component's attributes that it does not name itself, escaped (cotton's own `{{ attrs }}` does not escape them)."""
    skipped = {"class", "id", "slot", *known.split()}
    hidden: set[str] = getattr(attrs, "_exclude_from_str", set())
    pairs = [(k, v) for k, v in attrs.items() if k not in skipped and k not in hidden and v not in (None, False)]
    return format_html_join("", " {}{}", [(k, "" if v is True else format_html('="{}"', v)) for k, v in pairs])


@register.simple_tag
def brand() -> Brand:
    """The portal's name: `{% brand as b %}{{ b.full }}`."""
    return current_brand()


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """An icon of the sprite: decorative, unless `label` says what it means."""
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    css = f"i {classes}".strip()
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', css, meaning, _sprite("icons"), name)


@register.simple_tag
def drawing(name: str) -> SafeString:
    """A line drawing of an article or a part."""
    return format_html('<svg aria-hidden="true"><use href="{}#{}"></use></svg>', _sprite("pictures"), name)


def _sprite(name: str) -> str:
    return static(f"portal/vendor/{name}.svg")


@register.simple_tag
def state(
    axis: str, value: Any, text: str = "", *, day: Any = None, amount: Any = "", pill: bool = False
) -> SafeString:
    """Icon + word + colour of one state; `day` and `amount` give the fuller form of the word, `text` replaces it."""
    look = states.state_word(axis, str(value))
    shown_day = formats.day(day) if isinstance(day, date) else str(day or "")
    word = text or look.text(day=shown_day, amount=str(amount or ""))
    css = f"st st-{look.tone}{' st-pill' if pill else ''}"
    return format_html('<span class="{}">{}{}</span>', css, icon(look.icon), word)


@register.simple_tag
def freshness(at: datetime | None, source: str = "") -> dict[str, Any]:
    """How old a figure is: `text` ("Из 1С в 12:03", "Из 1С в 9:40, 3 часа назад") and whether it is `old` (over two hours)."""
    if at is None:
        return {"text": gettext("Not updated yet"), "old": True}
    today = timezone.localtime(at).date() == timezone.localdate()
    when = formats.clock(at) if today else formats.moment(at)
    if source:
        words = (gettext("From %(source)s at %(when)s") if today else gettext("From %(source)s, %(when)s")) % {
            "source": source,
            "when": when,
        }
    else:
        words = gettext("As of %(when)s") % {"when": when}
    age = timezone.now() - at
    if age < STALE_AFTER:
        return {"text": words, "old": False}
    spent = formats.days(age.days) if age.days else formats.hours(int(age.total_seconds() // 3600))
    return {"text": gettext("%(words)s, %(age)s ago") % {"words": words, "age": spent}, "old": True}


@register.simple_tag
def tier_bar(volume: Money | Decimal, plus: Amount, tiers: Sequence[charts.Threshold]) -> charts.TierBar:
    """Geometry of the way to the next tier."""
    return charts.tier_bar(volume, plus, tiers)


@register.simple_tag
def fill(total: int, *parts: int) -> tuple[tuple[str, str], ...]:
    """Geometry of shares of a whole laid side by side."""
    return charts.fill(total, *parts)


@register.simple_tag
def bar_chart(points: Sequence[charts.Point]) -> charts.BarChart:
    """Geometry of a chart of columns."""
    return charts.bar_chart(points)


@register.filter
def tail(path: str) -> str:
    """The last word of an address, to search for when it leads nowhere: `26-10481` of /orders/26-10481/."""
    return unquote(path.strip("/").rpartition("/")[2]).replace("~1", "/").replace("~0", "~")[:80]


@register.filter
def times(n: int) -> range:
    """To draw something `n` times."""
    return range(int(n))


@register.filter
def called(thing: Any) -> str:
    """The one name a thing has, or its name in the language of the page."""
    return str(thing.name) if hasattr(thing, "name") else text.named(thing)


@register.filter
def compact(value: Decimal) -> str:
    """A figure of a scale: `2,5 млн`, `500 тыс.`, without a currency."""
    return formats.compact(value)


@register.simple_tag
def new_key() -> str:
    """A key that makes a form's act happen once, however often it is sent."""
    return str(uuid4())


@register.simple_tag
def undo_address(undo: str = "", tags: str = "") -> str:
    """Where a toast's undo goes: named outright, or in a message's tags as `undo:/path/`. Only an address of our own."""
    found = undo or next((tag.removeprefix("undo:") for tag in (tags or "").split() if tag.startswith("undo:")), "")
    return found if found.startswith("/") and not found.startswith("//") else ""


@register.simple_tag(takes_context=True)
def sorting(context: template.Context, key: str = "") -> dict[str, str]:
    """For a column's head: how the list is sorted by it now (as aria-sort says it) and what a click asks for."""
    asked = context["request"].GET.get("sort", "") if key and "request" in context else ""
    if asked == key and key:
        return {"current": "ascending", "next": f"-{key}"}
    return {"current": "descending" if key and asked == f"-{key}" else "", "next": key}


@register.simple_tag
def control(field: BoundField, described: str = "") -> SafeString:
    """A form field's control."""
    return fields.control(field, described)


@register.simple_tag
def field_facts(
    field: BoundField | None, name: str, label: str, error: str, hint: str, given_id: str, optional: bool
) -> fields.Facts:
    """What `<c-field>` shows, of a Django field or of its own attributes."""
    if field is not None:
        return fields.facts_of(field, label=label, hint=hint)
    return fields.Facts(given_id or f"f-{name}", label, hint, (error,) if error else (), optional=bool(optional))


@register.simple_tag
def form_errors(form: BaseForm) -> fields.Summary:
    """What `<c-error-summary>` shows."""
    return fields.summary_of(form)


@register.simple_tag(takes_context=True)
def via(context: template.Context, kind: str, key: object, joined_by: str = "?") -> str:
    """The tail of a link out of an answer, from which the query log learns what was opened; elsewhere nothing."""
    ways = context.get("ways")
    return str(ways.via(kind, key, joined_by)) if ways else ""
