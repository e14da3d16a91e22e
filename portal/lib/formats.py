"""How figures, dates and names are written for people, in Russian and English.

Pure functions over plain values; the template filters in `portal.lib.templatetags.portal` only call them. The words here are
not gettext messages: they belong to a number ("3 дня", "5,49 млн ₽"), so both languages sit side by side and are tested together.
Every space inside a figure is U+00A0 and every minus U+2212, so that a figure never breaks over two lines.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language

from portal.lib.money import MINOR_DIGITS, Money

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
NONE: Final = "–"

SIGNS: Final[Mapping[str, str]] = {
    "RUB": "₽",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CNY": "¥",
    "KZT": "₸",
    "TRY": "₺",
    "GEL": "₾",
    "AMD": "֏",
}
# Units of articles as the catalogue stores them: (Russian, English). A code that is not here is printed as it came.
UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "pcs": ("шт", "pcs"),
    "m": ("м", "m"),
    "m2": ("м²", "m²"),
    "kg": ("кг", "kg"),
    "g": ("г", "g"),
    "l": ("л", "l"),
    "set": ("компл.", "sets"),
    "pack": ("уп.", "packs"),
    "pair": ("пар", "pairs"),
    "box": ("кор.", "boxes"),
    "roll": ("рул.", "rolls"),
}
# In a date the Russian month is in the genitive.
MONTHS_SHORT_RU: Final = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
MONTHS_SHORT_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_RU: Final = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS_RU: Final = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
WEEKDAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_SHORT_RU: Final = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
WEEKDAYS_SHORT_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def is_russian(language: str | None = None) -> bool:
    """Whether to write Russian; without `language`, whether the active translation is Russian."""
    return (language or get_language() or "en").startswith("ru")


def _pick(language: str | None, russian: str, english: str) -> str:
    return russian if is_russian(language) else english


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _grouped(value: Decimal, language: str | None) -> str:
    """Digits of a non-negative number in groups of three, with as many decimals as the value carries."""
    whole, _, fraction = f"{value:,f}".partition(".")
    if is_russian(language):
        whole = whole.replace(",", NBSP)
        return f"{whole},{fraction}" if fraction else whole
    return f"{whole}.{fraction}" if fraction else whole


def _sign(value: Decimal, *, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed and value > 0 else ""


def _with_currency(figure: str, currency: str, sign: str, language: str | None) -> str:
    mark = SIGNS.get(currency, currency)
    if is_russian(language):
        return f"{sign}{figure}{NBSP}{mark}"
    gap = NBSP if mark == currency else ""
    return f"{sign}{mark}{gap}{figure}"


def _amount(value: Money | Decimal, currency: str | None) -> tuple[Decimal, str]:
    if isinstance(value, Money):
        return value.amount, value.currency
    return value, currency or "RUB"


def money(
    value: Money | Decimal | None,
    currency: str | None = None,
    *,
    language: str | None = None,
    short: bool = False,
    signed: bool = False,
) -> str:
    """`1 234,50 ₽` or `₽1,234.50`, rounded half-up to the currency's minor unit; `short` drops the minor unit (summaries only).

    `currency` is for a bare Decimal and is RUB where nobody says. None is a dash: nothing is "0 ₽" when it means "none".
    """
    if value is None:
        return NONE
    amount, code = _amount(value, currency)
    rounded = _rounded(amount, 0 if short else MINOR_DIGITS.get(code, 2))
    return _with_currency(_grouped(abs(rounded), language), code, _sign(rounded, signed=signed), language)


def unit_price(value: Money | Decimal | None, currency: str | None = None, *, language: str | None = None) -> str:
    """A price per unit: kopecks always, and up to 4 digits where the price really has them (`0,3125 ₽`)."""
    if value is None:
        return NONE
    amount, code = _amount(value, currency)
    rounded = _as_unit_price(amount, code)
    return _with_currency(_grouped(abs(rounded), language), code, _sign(rounded, signed=False), language)


def _as_unit_price(amount: Decimal, currency: str) -> Decimal:
    exact = _rounded(amount, 4)
    least = MINOR_DIGITS.get(currency, 2)
    return _rounded(exact, next(n for n in range(least, 5) if n == 4 or _rounded(exact, n) == exact))


def price_figure(value: Decimal | None, currency: str, *, language: str | None = None) -> str:
    """A unit price without its sign, for a column whose head names the currency: `1 234,50`."""
    return NONE if value is None else _grouped(_as_unit_price(value, currency), language)


def price_typed(value: Decimal | None, currency: str, *, language: str | None = None) -> str:
    """A unit price as a person would type it, for a field: `1234,50`; empty for none.

    Never three digits after a comma: 12,345 may be read as twelve thousand.
    """
    if value is None:
        return ""
    exact = _as_unit_price(value, currency)
    if exact.as_tuple().exponent == -3:
        exact = _rounded(exact, 4)
    return f"{exact:f}".replace(".", _pick(language, ",", "."))


def compact(value: Decimal, *, language: str | None = None) -> str:
    """A large figure in words: `5,49 млн`, `512 тыс.`, `996`; `5.49M`, `512K`."""
    for size, places, russian, english in ((6, 2, f"{NBSP}млн", "M"), (3, 0, f"{NBSP}тыс.", "K")):
        scaled = value.scaleb(-size)
        if abs(scaled) >= 1:
            return number(scaled, language=language, places=places) + _pick(language, russian, english)
    return number(value, language=language, places=0)


def money_words(value: Money | Decimal | None, currency: str | None = None, *, language: str | None = None) -> str:
    """A figure for an axis or a sentence: `5,49 млн ₽`, `512 тыс. ₽`; `₽5.49M`, `₽512K`."""
    if value is None:
        return NONE
    amount, code = _amount(value, currency)
    return _with_currency(compact(abs(amount), language=language), code, _sign(amount, signed=False), language)


def number(
    value: Decimal | int | float | None, *, language: str | None = None, places: int = 3, signed: bool = False
) -> str:
    """`1 184`, `2,5`: at most `places` decimals, no trailing zeros."""
    if value is None:
        return NONE
    rounded = _rounded(Decimal(str(value)), places)
    plain = rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()
    return _sign(plain, signed=signed) + _grouped(abs(plain), language)


def percent(value: Decimal | int | float | None, *, language: str | None = None, signed: bool = False) -> str:
    """8 is eight per cent: `8 %` in Russian, `8%` in English; one decimal at most."""
    if value is None:
        return NONE
    return number(value, language=language, places=1, signed=signed) + _pick(language, f"{NBSP}%", "%")


def quantity(value: Decimal | int | None, unit: str = "pcs", *, language: str | None = None) -> str:
    """`40 шт` / `40 pcs`; an unknown unit is printed as it came, None is a dash."""
    if value is None:
        return NONE
    words = UNITS.get(unit)
    name = unit if words is None else _pick(language, *words)
    return f"{number(value, language=language)}{NBSP}{name}" if name else number(value, language=language)


def counted(n: int, russian: tuple[str, str, str], english: tuple[str, str], *, language: str | None = None) -> str:
    """`3 дня` / `3 days`: the number with its noun in the right form (one, few, many; one, other)."""
    if not is_russian(language):
        return f"{number(n, language=language)}{NBSP}{english[0] if n == 1 else english[1]}"
    tens, ones = abs(n) % 100, abs(n) % 10
    form = 0 if ones == 1 and tens != 11 else 1 if 2 <= ones <= 4 and not 12 <= tens <= 14 else 2
    return f"{number(n, language=language)}{NBSP}{russian[form]}"


def days(n: int, *, language: str | None = None) -> str:
    """`1 день`, `3 дня`, `11 дней`; `1 day`, `3 days`."""
    return counted(n, ("день", "дня", "дней"), ("day", "days"), language=language)


def hours(n: int, *, language: str | None = None) -> str:
    """`1 час`, `3 часа`; `1 hour`, `3 hours`."""
    return counted(n, ("час", "часа", "часов"), ("hour", "hours"), language=language)


def _local_date(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _year(value: date, today: date | None) -> str:
    this_year = (today or timezone.localdate()).year
    return "" if value.year == this_year else f"{NBSP}{value.year}"


def day(value: date | datetime | None, *, language: str | None = None, today: date | None = None) -> str:
    """`19 ноя`, and `19 ноя 2025` in another year."""
    if value is None:
        return NONE
    local = _local_date(value)
    months = MONTHS_SHORT_RU if is_russian(language) else MONTHS_SHORT_EN
    return f"{local.day}{NBSP}{months[local.month - 1]}{_year(local, today)}"


def day_long(value: date | datetime | None, *, language: str | None = None, today: date | None = None) -> str:
    """`19 ноября`, and `19 ноября 2025` in another year."""
    if value is None:
        return NONE
    local = _local_date(value)
    months = MONTHS_RU if is_russian(language) else MONTHS_EN
    return f"{local.day}{NBSP}{months[local.month - 1]}{_year(local, today)}"


def day_of_week(
    value: date | datetime | None,
    *,
    language: str | None = None,
    today: date | None = None,
    short: bool = False,
) -> str:
    """`среда, 25 ноября`; `short`: `ср, 25 ноября`."""
    if value is None:
        return NONE
    local = _local_date(value)
    if short:
        names = WEEKDAYS_SHORT_RU if is_russian(language) else WEEKDAYS_SHORT_EN
    else:
        names = WEEKDAYS_RU if is_russian(language) else WEEKDAYS_EN
    return f"{names[local.weekday()]}, {day_long(local, language=language, today=today)}"


def clock(value: datetime | None) -> str:
    """`9:12`, in the active time zone."""
    if value is None:
        return NONE
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour}:{local.minute:02}"


def moment(value: datetime | None, *, language: str | None = None, today: date | None = None) -> str:
    """`сегодня, 11:48`, `вчера, 9:12`, `17 ноя, 16:42`."""
    if value is None:
        return NONE
    now = today or timezone.localdate()
    near = {
        now: _pick(language, "сегодня", "today"),
        now - timedelta(days=1): _pick(language, "вчера", "yesterday"),
        now + timedelta(days=1): _pick(language, "завтра", "tomorrow"),
    }
    local = _local_date(value)
    return f"{near.get(local) or day(local, language=language, today=now)}, {clock(value)}"


def initials(name: str) -> str:
    """`ИВ` for "Ирина Верещак"; the first letter of an address where there is no name."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalpha()]
    if "@" in name or len(words) < 2:
        words = words[:1]
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words))
