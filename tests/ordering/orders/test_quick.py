"""Quick order: every reading of a line, one answer for each line sent, nothing rounded, swapped or lost."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ordering.catalog.models import Barcode, Product
from ordering.orders.enums import Verdict
from ordering.orders.errors import TooManyLines
from ordering.orders.forms import text_of_file
from ordering.orders.queries import QuickAnswer, answer_lines
from ordering.orders.rules.pasted import Reading, pasted_lines, readings
from portal.lib.formats import number
from portal.lib.spreadsheets import Unreadable
from search.engines.base import Write
from search.engines.postgresql import PostgresEngine
from tests.factories_orders import NOON, Shop, make_shop
from tests.factories_pricing import make_article

TODAY = NOON.date()
database = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "code", "quantity"),
    [
        ("SP-0418-12; 40", "SP-0418-12", 40),
        ("SP-0418-12,40", "SP-0418-12", 40),
        ("SP-0418-12\t40", "SP-0418-12", 40),
        ("SP-0418-12    40", "SP-0418-12", 40),
        ("SP-0418-12|40", "SP-0418-12", 40),
        ("SP-0418-12 = 40", "SP-0418-12", 40),
        ("SP-0418-12: 40 pcs", "SP-0418-12", 40),
        ("DO-125.10 x200", "DO-125.10", 200),
        ("DO-125.10 х 200", "DO-125.10", 200),
        ("DO-125.10*200", "DO-125.10", 200),
        ("DO-125.10 200x", "DO-125.10", 200),
        ("DO-125.10 × 200 шт.", "DO-125.10", 200),
        ("TV1860.02 - 6 шт", "TV1860.02", 6),
        ("TV1860.02 (6 шт)", "TV1860.02", 6),
        ("TV1860.02 кол-во: 6", "TV1860.02", 6),
        ("12 AK-1850", "AK-1850", 12),
        ("12 x AK-1850", "AK-1850", 12),
        ("12 шт AK-1850", "AK-1850", 12),
        ("12; AK-1850", "AK-1850", 12),
        ("4690000125118 3", "4690000125118", 3),
        ("3 4690000125118", "4690000125118", 3),
        ("AB 850 200", "AB 850", 200),
        ("SP-1;Brushes, a pair;40", "SP-1", 40),
        ("SP-1\tBrushes\t40\t125.50", "SP-1", 40),
        ("SP-1; 1\u00a0200", "SP-1", 1200),
        ('"SP-1";"40"', "SP-1", 40),
    ],
)
def test_a_line_may_be_read_so(line: str, code: str, quantity: int) -> None:
    assert Reading(code, Decimal(quantity)) in readings(line)


@pytest.mark.parametrize("line", ["SP-0418-12", "TV-1860.02", "12"])
def test_a_hyphen_or_a_dot_inside_a_code_does_not_cut_it(line: str) -> None:
    assert readings(line) == [Reading(line, None)]


@given(st.text(max_size=80))
def test_any_line_has_readings_or_nothing_in_it(line: str) -> None:
    for pasted in pasted_lines(line):
        assert all(reading.code == reading.code.strip() for reading in pasted.readings)


def test_line_numbers_are_those_of_the_text_and_blank_lines_have_no_answer() -> None:
    assert [(one.line, one.text) for one in pasted_lines("A-1 2\n\n  ;;  \nB-2 3\r\nC-3")] == [
        (1, "A-1 2"), (4, "B-2 3"), (5, "C-3"),
    ]  # fmt: skip


def test_too_many_lines_are_refused_whole() -> None:
    with pytest.raises(TooManyLines):
        pasted_lines("A-1 1\n" * 10_001)


def known(shop: Shop) -> Shop:
    """The articles are in the search index, as the worker would have put them."""
    from ordering.catalog.search import SEARCHABLE

    keys = [str(product.pk) for product in Product.objects.all()]
    PostgresEngine().write([Write(one.kind, one.key, one) for one in SEARCHABLE.documents(keys)], version=1)
    return shop


def ask(shop: Shop, text: str) -> QuickAnswer:
    return answer_lines(shop.principal, text, TODAY)


def said(answer: QuickAnswer) -> list[tuple[int, str, int | None]]:
    return [(line.line, line.verdict.value, line.quantity) for line in answer.lines]


@database
def test_one_answer_for_each_line_and_a_sum_for_the_ready_ones() -> None:
    shop = make_shop(3, on_hand=100)
    a, b, c = (product.sku for product in shop.products)
    Barcode.objects.create(product=shop.products[2], gtin="04690000125118")
    answer = ask(shop, f"{a.lower()}; 4\n{b} x2\n4690000125118 3\nnothing-like-it 5\n{c}")
    assert said(answer) == [(1, "ok", 4), (2, "ok", 2), (3, "ok", 3), (4, "unknown", 5), (5, "merged", 1)]
    assert answer.totals.net == Decimal("1000.00")
    assert sum(line.net.amount for line in answer.ready if line.net) == answer.totals.net
    assert "No quantity" in answer.lines[4].message
    assert "together 4" in answer.lines[4].message


@database
def test_packs_are_never_rounded_and_both_neighbours_offered() -> None:
    shop = make_shop(1, on_hand=100, pack=25)
    sku = shop.products[0].sku
    answer = ask(shop, f"{sku} 35")
    assert said(answer) == [(1, "not_multiple", 35)]
    assert [candidate.quantity for candidate in answer.lines[0].candidates] == [25, 50]
    assert answer.to_add == []
    # Two lines that make whole packs together are fine.
    assert said(ask(shop, f"{sku} 10\n{sku} 15")) == [(1, "ok", 10), (2, "merged", 15)]
    # Judged on the sum, at the first line only.
    answer = ask(shop, f"{sku} 25\n{sku} 10")
    assert said(answer) == [(1, "not_multiple", 35), (2, "merged", 10)]
    assert (answer.ready, answer.to_add) == ([], [])


@database
@pytest.mark.parametrize("typed", ["2,5", "0", "5000000"])
def test_what_is_no_quantity_is_said(typed: str) -> None:
    shop = make_shop(1)
    (line,) = ask(shop, f"{shop.products[0].sku}; {typed}").lines
    assert (line.verdict, line.quantity, line.is_ready) == (Verdict.NOT_MULTIPLE, None, False)
    assert line.candidates


@database
def test_a_discontinued_article_names_its_successor_and_takes_nothing() -> None:
    shop = make_shop(1)
    successor = make_article()
    Product.objects.filter(pk=shop.products[0].pk).update(state="discontinued", successor=successor)
    (line,) = ask(shop, f"{shop.products[0].sku} 4").lines
    assert (line.verdict, [(c.sku, c.quantity) for c in line.candidates]) == (
        Verdict.DISCONTINUED,
        [(successor.sku, 4)],
    )


@database
def test_short_stock_offers_what_there_is() -> None:
    shop = make_shop(1, on_hand=7, pack=2)
    sku = shop.products[0].sku
    (line,) = ask(shop, f"{sku} 12").lines
    assert (line.verdict, line.amount, [c.quantity for c in line.candidates]) == (Verdict.SHORT, "7 of 12", [6])


@database
def test_lines_of_one_article_draw_on_the_same_stock_and_wait_as_one() -> None:
    shop = make_shop(2, on_hand=6000)
    a, b = (product.sku for product in shop.products)
    answer = ask(shop, f"{a} 10\n{b} 1\n{a} 100039")
    assert said(answer) == [(1, "short", 100_049), (2, "ok", 1), (3, "merged", 100_039)]
    short, _ok, merged = answer.lines
    assert (short.amount, merged.amount) == (f"{number(6000)} of {number(100_049)}", "")
    assert ([c.quantity for c in short.candidates], merged.candidates) == ([6000], ())
    assert answer.to_add == [(shop.products[1].pk, 1)]
    # The remedy of the first line then stands for both, and the other lines keep their numbers.
    assert answer.text == f"{a}; 100049\n{b} 1\n"
    assert said(ask(shop, answer.text.replace("100049", "6000"))) == [(1, "ok", 6000), (2, "ok", 1)]


@database
def test_backorder_is_ready_and_said() -> None:
    shop = make_shop(1, on_hand=3, backorder=True)
    (line,) = ask(shop, f"{shop.products[0].sku} 12").lines
    assert (line.verdict, line.message) == (Verdict.OK, "3 in stock, 9 will be backordered.")


@database
def test_an_article_without_a_price_is_not_ready() -> None:
    shop = make_shop(1)
    article = make_article()
    (line,) = ask(shop, f"{article.sku} 1").lines
    assert (line.verdict, line.product) == (Verdict.UNKNOWN, article)


@database
def test_other_separators_and_twin_letters_are_read_and_said() -> None:
    shop = make_shop(1)
    Product.objects.filter(pk=shop.products[0].pk).update(sku="AK-1850.02", sku_key="ak-1850.02")
    known(shop)
    for typed in ("AK185002 3", "ак 1850-02 3", "AK-1850/02;3"):
        (line,) = ask(shop, typed).lines
        assert (line.verdict, line.quantity, line.message) == (Verdict.OK, 3, "Read as AK-1850.02."), typed


@database
def test_mistaken_signs_are_asked_about_never_taken() -> None:
    shop = make_shop(1)
    Product.objects.filter(pk=shop.products[0].pk).update(sku="SP-0418-12", sku_key="sp-0418-12")
    known(shop)
    (line,) = ask(shop, "SP-O418-12 10").lines
    assert (line.verdict, line.is_ready) == (Verdict.UNKNOWN, False)
    assert [(c.sku, c.quantity) for c in line.candidates] == [("SP-0418-12", 10)]


@database
def test_two_articles_that_fit_are_a_choice() -> None:
    shop = make_shop(2)
    for product in shop.products:
        Barcode.objects.create(product=product, gtin="04690000125118")
    (line,) = ask(shop, "4690000125118 3").lines
    assert (line.verdict, {c.sku for c in line.candidates}, line.quantity) == (
        Verdict.CHOOSE, {product.sku for product in shop.products}, 3,
    )  # fmt: skip


@database
def test_five_thousand_lines_cost_the_queries_of_one() -> None:
    shop = make_shop(50, on_hand=100_000)
    counts = []
    for lines in (50, 5_000):
        text = "\n".join(f"{shop.products[n % 50].sku}; {n % 7 + 1}" for n in range(lines))
        with CaptureQueriesContext(connection) as queries:
            answer = ask(shop, text)
        assert len(answer.lines) == lines
        assert len(answer.ready) == lines
        counts.append(len(queries))
    assert counts[0] == counts[1] < 15


def test_a_spreadsheet_becomes_lines() -> None:
    assert text_of_file(io.BytesIO("Артикул;Кол-во\nSP-1;40\n\nSP-2;3\n".encode("cp1251")), "list.csv") == (
        "\nSP-1\t40\n\nSP-2\t3"
    )
    # Without a heading the first row is a line like any other.
    assert text_of_file(io.BytesIO(b"SP-1;40\nSP-2;3\n"), "list.csv") == "SP-1\t40\nSP-2\t3"
    with pytest.raises(Unreadable):
        text_of_file(io.BytesIO(b"PK"), "list.xlsx")
