"""Articles out of files: what is recognised, what is refused, and that the same file twice changes nothing."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import rustpy_xlsxwriter
from django.core.management import CommandError, call_command

from ordering.catalog.importing import Outcome, Report, Unmapped, import_products, recognise
from ordering.catalog.models import Barcode, Brand, Category, Product
from portal.lib.spreadsheets import Row, Unreadable, read_rows
from search.models import Change
from tests.factories_catalog import make_product

pytestmark = pytest.mark.django_db

CSV = """Артикул;Наименование;Бренд;Категория;Штрихкод;Кратность;НДС;Под заказ;attr_color
TV-1;Дрель ударная;Тверон;Инструмент > Дрели;4600000000015;1;22;нет;синий
TV-2;Шуруповёрт;Тверон;Инструмент > Дрели;;5;10;да;
"""


def load(text: str, **options: Any) -> Report:
    return import_products(read_rows(io.BytesIO(text.encode()), "file.csv"), report=Report(), **options)


def outcomes(report: Report) -> dict[str, int]:
    return {outcome.value: count for outcome, count in report.counts.items()}


def test_columns_are_recognised_and_an_article_is_whole() -> None:
    assert outcomes(load(CSV)) == {"created": 2}
    drill = Product.objects.get(sku="TV-1")
    assert (drill.name_ru, drill.name_en, drill.pack, drill.tax_rate) == ("Дрель ударная", "", 1, Decimal(22))
    assert drill.brand == Brand.objects.get(name="Тверон")
    assert drill.category == Category.objects.get(name_ru="Дрели")
    assert drill.category.parent == Category.objects.get(name_ru="Инструмент")
    assert drill.category.path == f"/{drill.category.parent_id}/{drill.category_id}/"
    assert [barcode.gtin for barcode in drill.barcodes.all()] == ["04600000000015"]
    assert drill.attributes == {"attr_color": "синий"}
    assert Product.objects.get(sku="TV-2").backorder is True


def test_the_same_file_again_changes_nothing() -> None:
    load(CSV)
    before = list(Product.objects.order_by("pk").values())
    Change.objects.all().delete()
    assert outcomes(load(CSV)) == {"unchanged": 2}
    assert list(Product.objects.order_by("pk").values()) == before
    assert Change.objects.count() == 0
    # the control: one changed cell is seen
    assert outcomes(load(CSV.replace("Шуруповёрт", "Шуруповёрт 18 В"))) == {"unchanged": 1, "updated": 1}
    assert Change.objects.values_list("key", flat=True).distinct().get() == str(Product.objects.get(sku="TV-2").pk)


def test_sku_is_one_whatever_its_case() -> None:
    load("sku,name\nTV-1,Drill\n")
    report = load("sku,name\ntv-1,Hammer drill\n")
    assert outcomes(report) == {"updated": 1}
    assert Product.objects.get().name_en == "Hammer drill"


def test_columns_that_the_file_has_not_stay() -> None:
    make_product("TV-1", name_ru="Дрель", description_ru="Сверлит", pack=6, attributes={"power": 800})
    load("sku,name_en\nTV-1,Drill\n")
    product = Product.objects.get()
    assert (product.name_ru, product.name_en, product.description_ru, product.pack) == ("Дрель", "Drill", "Сверлит", 6)
    assert product.attributes == {"power": 800}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (";Дрель;;;;1;22;нет;", "The SKU is empty. Every article needs one."),
        ("TV-9;;;;;1;22;нет;", "The name is empty. Give one in Russian or English."),
        ("TV-9;Дрель;;;;0;22;нет;", "Pack “0”: a whole number of units from 1 is expected."),
        ("TV-9;Дрель;;;;2,5;22;нет;", "Pack “2,5”: a whole number of units from 1 is expected."),
        ("TV-9;Дрель;;;;1;120;нет;", "Tax “120”: a percent from 0 to 99.99 is expected, such as 22."),
        ("TV-9;Дрель;;;12345;1;22;нет;", "Barcode “12345”: 8 to 14 digits are expected."),
        ("TV-9;Дрель;;;46000000ABC15;1;22;нет;", "Barcode “46000000ABC15”: 8 to 14 digits are expected."),
        ("TV-9;Дрель;;;;1;22;иногда;", "“иногда”: yes or no is expected."),
        ("tv-1;Другая дрель;;;;1;22;нет;", "SKU tv-1 stands already in row 2. Keep one of them."),
    ],
)
def test_a_bad_row_is_named_and_left_out_whole(line: str, said: str) -> None:
    report = load(CSV + line + "\nTV-3;Пила;;;;1;22;нет;\n")
    assert [(note.row, note.outcome, note.message) for note in report.problems] == [(4, Outcome.REJECTED, said)]
    assert sorted(Product.objects.values_list("sku", flat=True)) == ["TV-1", "TV-2", "TV-3"]
    assert Product.objects.get(sku="TV-1").name_ru == "Дрель ударная"


def test_a_batch_is_stored_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses the change feed's rows: nothing of the batch is left."""
    from ordering.catalog.importing import loading

    def refuse(*args: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(loading.feed, "mark", refuse)
    with pytest.raises(RuntimeError):
        load(CSV)
    assert (Product.objects.count(), Barcode.objects.count(), Brand.objects.count()) == (0, 0, 0)


def test_successors_are_linked_after_all_rows() -> None:
    load("sku,name,state,successor\nOLD,Old drill,discontinued,new\nNEW,New drill,active,\nOTHER,Saw,active,NONE\n")
    assert Product.objects.get(sku="OLD").successor == Product.objects.get(sku="NEW")
    assert Product.objects.get(sku="OTHER").successor is None


def test_a_barcode_taken_away_is_gone() -> None:
    load("sku,name,ean\nA,Drill,4600000000015 4600000000022\n")
    report = load("sku,name,ean\nA,Drill,4600000000022\n")
    assert outcomes(report) == {"updated": 1}
    assert list(Barcode.objects.values_list("gtin", flat=True)) == ["04600000000022"]


def test_a_wrong_check_digit_is_kept_and_said() -> None:
    report = load("sku,name,ean\nA,Drill,4600000000016\n")
    assert [note.message for note in report.problems] == [
        "Barcode 4600000000016 has a wrong check digit; it is kept as printed."
    ]
    assert Barcode.objects.get().gtin == "04600000000016"


def test_columns_nobody_knows_are_an_error_that_names_them() -> None:
    with pytest.raises(Unmapped, match="No column of the SKU was recognised among: colour, weight"):
        load("colour,weight\nred,1\n")
    assert recognise(["colour", "weight", "name"], {"sku": "colour"}).columns == {"colour": "sku", "name": "name"}
    with pytest.raises(Unmapped, match="The file has no column nothing"):
        recognise(["sku"], {"mpn": "nothing"})


def test_title_beside_name_is_the_name() -> None:
    mapping = recognise(["id", "name", "title", "ean", "supplier", "attr_t_colour"])
    assert mapping.columns == {"id": "sku", "name": "mpn", "title": "name", "ean": "barcodes", "supplier": "brand"}
    assert mapping.attribute_of("attr_t_colour") == "attr_t_colour"


def test_windows_1251_with_tabs() -> None:
    text = "Артикул\tНаименование\nTV-1\tДрель\n".encode("cp1251")
    rows = list(read_rows(io.BytesIO(text), "price.txt"))
    assert rows == [Row(2, {"Артикул": "TV-1", "Наименование": "Дрель"})]


def test_a_workbook_with_a_numeric_sku_warns_of_lost_zeros(tmp_path: Path) -> None:
    path = tmp_path / "articles.xlsx"
    rustpy_xlsxwriter.write_worksheet([{"sku": 12345, "name": "Drill"}], str(path), sheet_name="Sheet1")
    report = import_products(read_rows(path), report=Report())
    assert Product.objects.get().sku == "12345"
    assert [note.message for note in report.problems] == [
        "The SKU was typed as a number: zeros at its beginning are already lost. Format the column as text."
    ]


def test_what_is_no_workbook_is_said(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"this is no zip")
    with pytest.raises(Unreadable, match="This workbook cannot be opened"):
        list(read_rows(path))
    with pytest.raises(Unreadable, match="send a file of one of these kinds"):
        list(read_rows(io.BytesIO(b""), "articles.pdf"))


def test_real_articles(real_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_products", real_data / "icecat_products.jsonl.gz")
    assert "created 19406, updated 0, unchanged 0, rejected 0" in capsys.readouterr().out
    assert Product.objects.count() == 19_406
    toner = Product.objects.get(mpn="006R90321")
    assert (toner.sku, toner.brand.name, toner.released_on) == ("3920564", "Xerox", dt.date(2009, 12, 10))
    assert toner.barcodes.get().gtin == "00095205603217"
    assert toner.attributes["attr_n_quantity_per_pack"] == 6.0


def test_the_command_ends_with_an_error_when_rows_were_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "articles.csv"
    path.write_text(CSV + ";Без номера;;;;1;22;нет;\n")
    report = tmp_path / "report.csv"
    with pytest.raises(CommandError, match="1 rows were left out"):
        call_command("import_products", path, report=report)
    assert "row 4, : The SKU is empty" in capsys.readouterr().out
    assert report.read_text().splitlines()[1:] == [
        "4,,rejected,The SKU is empty. Every article needs one.",
        "2,TV-1,created,",
        "3,TV-2,created,",
    ]
