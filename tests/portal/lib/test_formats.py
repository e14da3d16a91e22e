"""How figures, dates and names are written, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from portal.lib import formats
from portal.lib.money import Money

TODAY = date(2026, 11, 23)


def rub(amount: str) -> Money:
    return Money(Decimal(amount), "RUB")


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        (rub("1234.5"), "1\u00a0234,50\u00a0₽", "₽1,234.50"),
        (rub("0"), "0,00\u00a0₽", "₽0.00"),
        (rub("-276"), "\u2212276,00\u00a0₽", "\u2212₽276.00"),
        (rub("1000000"), "1\u00a0000\u00a0000,00\u00a0₽", "₽1,000,000.00"),
        (rub("0.005"), "0,01\u00a0₽", "₽0.01"),
        (Money(Decimal("12.3"), "EUR"), "12,30\u00a0€", "€12.30"),
        (Money(Decimal("1500"), "JPY"), "1\u00a0500\u00a0JPY", "JPY\u00a01,500"),
        (Money(Decimal("7"), "CHF"), "7,00\u00a0CHF", "CHF\u00a07.00"),
        (Decimal("5"), "5,00\u00a0₽", "₽5.00"),
        (None, "–", "–"),
    ],
)
def test_money(value: Money | Decimal | None, russian: str, english: str) -> None:
    assert formats.money(value, language="ru") == russian
    assert formats.money(value, language="en") == english


def test_money_of_a_bare_decimal_takes_the_currency_named() -> None:
    assert formats.money(Decimal("5"), "USD", language="en") == "$5.00"


def test_short_money_drops_kopecks_and_rounds_half_up() -> None:
    assert formats.money(rub("141281.50"), language="ru", short=True) == "141\u00a0282\u00a0₽"
    assert formats.money(rub("-0.4"), language="ru", short=True) == "0\u00a0₽"


def test_signed_money_says_plus_only_where_there_is_something() -> None:
    assert formats.money(rub("150"), language="ru", signed=True) == "+150,00\u00a0₽"
    assert formats.money(rub("-150"), language="ru", signed=True) == "\u2212150,00\u00a0₽"
    assert formats.money(rub("0"), language="ru", signed=True) == "0,00\u00a0₽"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("8343.94", "8\u00a0343,94\u00a0₽"),
        ("8343.9400", "8\u00a0343,94\u00a0₽"),
        ("0.3125", "0,3125\u00a0₽"),
        ("0.3120", "0,312\u00a0₽"),
        ("4", "4,00\u00a0₽"),
    ],
)
def test_a_unit_price_shows_the_digits_it_really_has(amount: str, expected: str) -> None:
    assert formats.unit_price(rub(amount), language="ru") == expected


@pytest.mark.parametrize(
    ("amount", "russian", "english"),
    [
        ("5489200", "5,49\u00a0млн\u00a0₽", "₽5.49M"),
        ("3000000", "3\u00a0млн\u00a0₽", "₽3M"),
        ("510800", "511\u00a0тыс.\u00a0₽", "₽511K"),
        ("996", "996\u00a0₽", "₽996"),
        ("-2000000", "\u22122\u00a0млн\u00a0₽", "\u2212₽2M"),
    ],
)
def test_money_in_words(amount: str, russian: str, english: str) -> None:
    assert formats.money_words(rub(amount), language="ru") == russian
    assert formats.money_words(rub(amount), language="en") == english


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_figure_never_breaks_over_lines_and_reads_back(amount: Decimal) -> None:
    shown = formats.money(amount, language="ru")
    assert " " not in shown
    assert Decimal(shown.removesuffix("\u00a0₽").replace("\u00a0", "").replace(",", ".")) == amount


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        (Decimal("8"), "8\u00a0%", "8%"),
        (Decimal("9.40"), "9,4\u00a0%", "9.4%"),
        (Decimal("0.05"), "0,1\u00a0%", "0.1%"),
        (None, "–", "–"),
    ],
)
def test_percent(value: Decimal | None, russian: str, english: str) -> None:
    assert formats.percent(value, language="ru") == russian
    assert formats.percent(value, language="en") == english


def test_a_change_in_percent_carries_its_sign() -> None:
    assert formats.percent(Decimal("-8"), language="ru", signed=True) == "\u22128\u00a0%"
    assert formats.percent(Decimal("9.4"), language="ru", signed=True) == "+9,4\u00a0%"
    assert formats.percent(Decimal("0"), language="ru", signed=True) == "0\u00a0%"


def test_numbers_and_quantities() -> None:
    assert formats.number(1184, language="ru") == "1\u00a0184"
    assert formats.number(Decimal("2.500"), language="en") == "2.5"
    assert formats.number(100, language="en") == "100"
    assert formats.quantity(40, language="ru") == "40\u00a0шт"
    assert formats.quantity(Decimal("1.5"), "m", language="en") == "1.5\u00a0m"
    assert formats.quantity(3, "палета", language="ru") == "3\u00a0палета"
    assert formats.quantity(None, language="ru") == "–"


@pytest.mark.parametrize(
    ("n", "russian", "english"),
    [
        (1, "1\u00a0день", "1\u00a0day"),
        (3, "3\u00a0дня", "3\u00a0days"),
        (11, "11\u00a0дней", "11\u00a0days"),
        (21, "21\u00a0день", "21\u00a0days"),
        (112, "112\u00a0дней", "112\u00a0days"),
    ],
)
def test_days_take_the_right_form(n: int, russian: str, english: str) -> None:
    assert formats.days(n, language="ru") == russian
    assert formats.days(n, language="en") == english


def test_days_are_named_and_the_year_only_when_it_is_another() -> None:
    assert formats.day(date(2026, 11, 19), language="ru", today=TODAY) == "19\u00a0ноя"
    assert formats.day(date(2025, 11, 19), language="en", today=TODAY) == "19\u00a0Nov\u00a02025"
    assert formats.day(date(2026, 5, 1), language="ru", today=TODAY) == "1\u00a0мая"
    assert formats.day_long(date(2025, 11, 19), language="ru", today=TODAY) == "19\u00a0ноября\u00a02025"
    assert formats.day_of_week(date(2026, 11, 25), language="ru", today=TODAY) == "среда, 25\u00a0ноября"
    assert formats.day_of_week(date(2026, 11, 25), language="en", today=TODAY, short=True) == "Wed, 25\u00a0November"
    assert formats.day(None) == "–"


def test_a_moment_is_told_from_today_in_the_readers_zone() -> None:
    with timezone.override("Europe/Moscow"):
        assert formats.moment(datetime(2026, 11, 23, 8, 48, tzinfo=UTC), language="ru", today=TODAY) == "сегодня, 11:48"
        assert formats.moment(datetime(2026, 11, 22, 21, 5, tzinfo=UTC), language="en", today=TODAY) == "today, 0:05"
        assert formats.moment(datetime(2026, 11, 22, 6, 12, tzinfo=UTC), language="ru", today=TODAY) == "вчера, 9:12"
        assert (
            formats.moment(datetime(2026, 11, 17, 13, 42, tzinfo=UTC), language="ru", today=TODAY)
            == "17\u00a0ноя, 16:42"
        )
    with timezone.override("Asia/Vladivostok"):
        assert formats.moment(datetime(2026, 11, 22, 21, 5, tzinfo=UTC), language="ru", today=TODAY) == "сегодня, 7:05"


def test_the_active_language_is_the_default() -> None:
    with translation.override("en"):
        assert formats.money(rub("1")) == "₽1.00"
    with translation.override("ru"):
        assert formats.money(rub("1")) == "1,00\u00a0₽"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ирина Верещак", "ИВ"),
        ("Анна Мария фон Кнорре", "АК"),
        ("Павел", "П"),
        ("i.vereshchak@verstak.example", "I"),
        ("", ""),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert formats.initials(name) == expected


def test_tomorrow_is_a_word_too() -> None:
    with timezone.override("UTC"):
        at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC) + timedelta(days=1)
        assert formats.moment(at, language="ru", today=TODAY) == "завтра, 12:00"
