"""Numbers in cells, as people and workbooks write them: read exactly, or refused with what to write instead."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.numbers import DoubtfulCellError, NoNumberError, read_number


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *[("1234.5", "1234.5"), ("1 234,50", "1234.50"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50")],
        *[("-2", "-2"), ("1,234,567.8", "1234567.8"), (12.34, "12.34"), (7, "7"), ("0.1234", "0.1234")],
        *[("\u22122,5", "-2.5"), ("-1,234.50", "-1234.50"), ("1\u00a0234,5", "1234.5"), ("1'234.5", "1234.5")],
        *[(0.1 + 0.2, "0.3"), (2.675, "2.675"), (Decimal("9.99"), "9.99"), ("1e3", "1000"), ("1.234", "1.234")],
    ],
)
def test_as_people_write_them(cell, number) -> None:
    assert read_number(cell) == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "readings"),
    [
        ("2,024,994", "2024.994 or 2024994.00"), ("1,234", "1.234 or 1234.00"), ("1.234.567", "1234.567 or 1234567.00"),
        ("-1,234", "-1.234 or -1234.00"), ("12,34.50", "1234.50 or 123450.00"), ("1,23,4.5", "1234.5 or 12345.00"),
    ],
)  # fmt: skip
def test_both_readings_are_named(cell, readings) -> None:
    with pytest.raises(DoubtfulCellError, match=readings.replace(".", r"\.")):
        read_number(cell)


@pytest.mark.parametrize("cell", ["x", "", None, "NaN", True, float("inf"), float("nan"), "5-6", "a.b.c", "1.2.", "  "])
def test_what_is_no_number(cell) -> None:
    with pytest.raises(NoNumberError):
        read_number(cell)


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("1.23456", "four digits"), (33.333333, "four digits"), (Decimal("0.00001"), "four digits"),
        ("1e30", "too large"), (1e30, "too large"), (10**12, "too large"),
    ],
)  # fmt: skip
def test_what_nobody_rounds_for_them(cell, remedy) -> None:
    with pytest.raises(DoubtfulCellError, match=remedy):
        read_number(cell)


@given(st.one_of(st.text(max_size=12), st.floats(), st.integers(), st.from_regex(r"-?[0-9., ]{1,12}", fullmatch=True)))
def test_any_cell_is_a_number_or_a_remedy(cell) -> None:
    try:
        number = read_number(cell)
    except DoubtfulCellError:
        return
    assert number == round(number, 4)
