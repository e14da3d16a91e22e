"""Prices out of files: all rows or none, each refused row with its number and remedy."""

import datetime as dt
import gzip
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from rustpy_xlsxwriter import write_worksheet

from accounts.models import AuditEvent
from ordering.pricing.errors import PriceFileRefused
from ordering.pricing.models import Price, PriceList, PriceListVersion
from ordering.pricing.price_files import amount_of, quantity_of, read_price_file
from ordering.pricing.services import base_list, import_prices
from portal.lib.errors import NotAllowed
from portal.lib.numbers import DoubtfulCellError
from tests.factories import make_member
from tests.factories_pricing import OFFICE, make_article, make_price_list

TODAY = dt.date(2026, 11, 23)


def run(file: Path, *args: str) -> str:
    out = io.StringIO()
    call_command("import_prices", str(file), "--valid-from", TODAY.isoformat(), *args, stdout=out, stderr=out)
    return out.getvalue()


def csv(tmp_path: Path, text: str, name: str = "prices.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def in_force(code: str = "base-rub") -> dict[tuple[str, int], Decimal]:
    version = PriceListVersion.objects.in_force(TODAY).get(price_list__code=code)
    return {(p.product.sku, p.min_quantity): p.amount for p in version.prices.select_related("product")}


@pytest.mark.django_db
def test_a_file_becomes_the_base_list(tmp_path) -> None:
    for sku in ("A-1", "A-2"):
        make_article(sku)
    out = run(csv(tmp_path, "sku,price\na-1,10.5\nA-2,1234.5678\n"))
    assert "base-rub (RUB): version 1 from 2026-11-23, 2 rows read, 2 articles, 2 new or changed" in out
    assert in_force() == {("A-1", 1): Decimal("10.5"), ("A-2", 1): Decimal("1234.5678")}


@pytest.mark.django_db
def test_russian_headers_semicolons_commas_and_windows_1251(tmp_path) -> None:
    make_article("Ж-1")
    run(
        csv(
            tmp_path,
            "Артикул;Название;Цена;Количество от\nЖ-1;Дрель;1 234,50;1\nЖ-1;Дрель;1 100,00;10\n",
            encoding="cp1251",
        )
    )
    assert in_force() == {("Ж-1", 1): Decimal("1234.5"), ("Ж-1", 10): Decimal(1100)}


@pytest.mark.django_db
def test_a_workbook(tmp_path) -> None:
    make_article("100500")
    write_worksheet(
        [{"SKU": 100500, "Price": 348.35, "Qty": 1.0}, {"SKU": "100500", "Price": "300.1", "Qty": 5}],
        str(tmp_path / "p.xlsx"),
    )
    run(tmp_path / "p.xlsx")
    assert in_force() == {("100500", 1): Decimal("348.35"), ("100500", 5): Decimal("300.1")}


@pytest.mark.django_db
def test_json_lines_in_minor_units(tmp_path) -> None:
    make_article("3920564")
    path = tmp_path / "icecat.jsonl.gz"
    with gzip.open(path, "wt") as lines:
        lines.write(json.dumps({"id": "3920564", "name": "006R90321", "price": 4995}) + "\n")
    run(path, "--minor-units", "--currency", "EUR")
    assert in_force("base-eur") == {("3920564", 1): Decimal("49.95")}


@pytest.mark.django_db
def test_the_same_file_again_makes_no_version(tmp_path) -> None:
    make_article("A-1")
    path = csv(tmp_path, "sku,price\nA-1,10\n")
    run(path)
    assert "nothing new in 1 rows, no new version" in run(path)
    assert PriceListVersion.objects.count() == 1
    assert AuditEvent.objects.filter(verb="prices.published").count() == 1


@pytest.mark.django_db
def test_a_file_is_laid_over_what_holds(tmp_path) -> None:
    kept, changed, fresh = make_article("kept"), make_article("changed"), make_article("fresh")
    price_list = make_price_list(
        {kept: {1: 5, 10: 4}, changed: {1: 9, 10: 8}}, code="south", valid_from=dt.date(2026, 1, 1)
    )
    out = run(csv(tmp_path, "sku,price\nchanged,7\nfresh,3\n"), "--list", "south")
    assert "south (RUB): version 2" in out
    assert in_force("south") == {("kept", 1): 5, ("kept", 10): 4, ("changed", 1): 7, ("fresh", 1): 3}
    former = PriceListVersion.objects.in_force(TODAY - dt.timedelta(days=1)).get(price_list=price_list)
    assert former.number == 1
    assert fresh.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "number", "remedy"),
    [
        ("A-1,", 3, "There is no price"),
        (",5", 3, "There is no SKU"),
        ("A-1,abc", 3, "is not a price"),
        ("A-1,0", 3, "above zero"),
        ("A-1,-5", 3, "above zero"),
        ('A-1,"2,024,994"', 3, "2024.994 or 2024994.00"),
        ('A-1,"1,234"', 3, "1.234 or 1234.00"),
        ("A-1,1.23456", 3, "four digits"),
        ("A-1,nan", 3, "is not a price"),
        ("A-1,1e30", 3, "too large"),
    ],
)
def test_one_bad_row_and_nothing_is_taken(tmp_path, row: str, number: int, remedy: str) -> None:
    make_article("A-0")
    make_article("A-1")
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"1 rows cannot be taken\. Nothing was changed"):
        call_command("import_prices", str(csv(tmp_path, f"sku,price\nA-0,10\n{row}\n")), stdout=out, stderr=out)
    assert f"Row {number}, " in out.getvalue()
    assert remedy in out.getvalue()
    assert not PriceList.objects.exists()
    assert not Price.objects.exists()


@pytest.mark.django_db
def test_rows_that_contradict_each_other(tmp_path) -> None:
    make_article("A-1")
    make_article("B-1")
    path = csv(tmp_path, "sku,price,quantity\nA-1,10,1\na-1,11,1\nA-1,10,1\nB-1,9,10\n")
    out = io.StringIO()
    with pytest.raises(CommandError, match="2 rows"):
        call_command("import_prices", str(path), stdout=out, stderr=out)
    assert "Row 3, a-1: Row 2 says 10.0000" in out.getvalue()
    assert "Row 5, B-1: Prices begin at 10 units" in out.getvalue()
    assert not PriceListVersion.objects.exists()


@pytest.mark.django_db
def test_unknown_articles_are_left_out_and_said(tmp_path) -> None:
    make_article("A-1")
    out = run(csv(tmp_path, "sku,price\nA-1,10\nZ-9,5\n"))
    assert "Row 3, Z-9: the catalogue does not know this SKU; left out" in out
    assert in_force() == {("A-1", 1): 10}


@pytest.mark.django_db
def test_a_file_of_strangers_is_refused(tmp_path) -> None:
    with pytest.raises(CommandError, match="knows none"):
        run(csv(tmp_path, "sku,price\nZ-9,5\n"))
    assert not PriceList.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "args", "said"),
    [
        ("sku,cost\nA-1,1\n", (), "no column “price”"),
        ("price\n1\n", (), "no column “sku”"),
        ("sku,price,currency\nA-1,1,EUR\n", (), "1 rows"),
        ("sku,price\nA-1,1.5\n", ("--minor-units",), "1 rows"),
        ("sku,price\nA-1,1\n", ("--list", "north"), "no price list “north”"),
        ("sku,price\nA-1,1\n", ("--list", "south", "--currency", "EUR"), "is in RUB, not in EUR"),
    ],
)
def test_what_is_wrong_as_a_whole(tmp_path, text, args, said) -> None:
    make_article("A-1")
    make_price_list(code="south")
    with pytest.raises(CommandError, match=said):
        run(csv(tmp_path, text), *args)
    assert not PriceListVersion.objects.exists()


@pytest.mark.django_db
def test_a_missing_file(tmp_path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        run(tmp_path / "nowhere.csv")


@pytest.mark.django_db
def test_importing_is_for_those_who_manage_prices(principal_of) -> None:
    with pytest.raises(NotAllowed):
        import_prices(
            rows=[], price_list=base_list(currency="RUB"), valid_from=TODAY, source="x", by=principal_of(make_member())
        )


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1234.50", "1234.50"),
        ("1234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50 ₽", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("12.345", "12.345"),
        (348.35, "348.35"),
        (0.1 + 0.2, "0.3"),
        (5, "5"),
        (Decimal("7.1"), "7.1"),
    ],
)
def test_amounts_as_people_write_them(cell, amount) -> None:
    assert amount_of(cell, currency="RUB") == Decimal(amount)


@pytest.mark.parametrize(
    "cell",
    ["2,024,994", "1,234", "1.234.567", "12,34.50", "1,23,4.5", "", None, True, "5-6", float("nan"), float("inf")],
)
def test_amounts_that_may_mean_two_things_or_none(cell) -> None:
    with pytest.raises(DoubtfulCellError):
        amount_of(cell, currency="RUB")


@pytest.mark.parametrize(("currency", "amount"), [("RUB", "49.95"), ("JPY", "4995"), ("KWD", "4.995")])
def test_minor_units_are_the_currencys(currency, amount) -> None:
    assert amount_of(4995, currency=currency, minor_units=True) == Decimal(amount)


@pytest.mark.parametrize("cell", ["0", "-1", "1.5", "ten", str(10**9)])
def test_quantities_that_are_none(cell) -> None:
    with pytest.raises(DoubtfulCellError):
        quantity_of(cell)


@given(st.one_of(st.text(max_size=12), st.floats(), st.integers(), st.from_regex(r"[0-9., ]{1,12}", fullmatch=True)))
def test_any_cell_is_a_price_or_a_remedy(cell) -> None:
    try:
        amount = amount_of(cell, currency="RUB")
    except DoubtfulCellError:
        return
    assert amount > 0
    assert amount == round(amount, 4)


@pytest.mark.django_db
def test_the_ruined_file_of_a_locale_is_refused(real_data) -> None:
    path = real_data / "adventureworks" / "reseller_sales_broken_decimals.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") as lines:
        text = lines.read().replace("ProductKey", "sku", 1).replace("UnitPrice", "price", 1)
    ruined = path_of(text)
    rows = list(read_price_file(ruined, currency="RUB"))
    refused = [row for row in rows if not hasattr(row, "amount")]
    assert len(refused) > 500


def path_of(text: str) -> Path:
    import tempfile

    path = Path(tempfile.mkdtemp()) / "ruined.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_the_icecat_file(real_data) -> None:
    from ordering.catalog.models import Product

    path = real_data / "icecat_products.jsonl.gz"
    prices = {row["id"]: row["price"] for row in map(json.loads, gzip.decompress(path.read_bytes()).splitlines())}
    Product.objects.bulk_create(
        (Product(sku=sku, sku_key=sku.casefold(), name_en=sku, sort_key_en=sku, sort_key_ru=sku) for sku in prices),
        batch_size=5000,
    )
    run(path, "--minor-units")
    taken = {sku: amount for (sku, _n), amount in in_force().items()}
    assert taken == {sku: Decimal(cents) / 100 for sku, cents in prices.items()}
    assert "no new version" in run(path, "--minor-units")


@pytest.mark.django_db
def test_refusals_name_their_rows_to_a_caller() -> None:
    make_article("A-1")
    rows = read_price_file(path_of("sku,price\nA-1,x\n"), currency="RUB")
    with pytest.raises(PriceFileRefused) as refused:
        import_prices(rows=rows, price_list=base_list(currency="RUB"), valid_from=TODAY, source="f", by=OFFICE)
    assert [(r["row"], r["sku"]) for r in refused.value.extra["refusals"]] == [(2, "A-1")]
