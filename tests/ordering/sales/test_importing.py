"""Past sales out of files: all or nothing, a bad row is named, resellers become dealers and territories regions."""

import csv
import gzip
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import Dealer, Region
from ordering.sales.importing import SalesFile, import_sales
from ordering.sales.models import LedgerEntry
from ordering.sales.queries import differences
from portal.lib.errors import NotAllowed
from portal.lib.numbers import DoubtfulCellError, read_day
from tests.factories import make_dealer, make_member
from tests.factories_pricing import OFFICE, make_article

HEAD = "date,document,dealer,sku,quantity,net\n"


def test_days_as_people_write_them() -> None:
    days = [read_day(text) for text in ("2026-11-23", "23.11.2026", "2026-11-23 08:26:00")]
    assert {day.isoformat() for day in days} == {"2026-11-23"}
    with pytest.raises(DoubtfulCellError):
        read_day("11/23/2026")


def bring(text: str, **asked):
    return import_sales(source=io.BytesIO(text.encode()), asked=SalesFile(**asked), by=OFFICE, name="sales.csv")


@pytest.mark.django_db
def test_a_file_is_taken_once() -> None:
    dealer, drill = make_dealer(code="north"), make_article("DR-1")
    text = (
        HEAD
        + "2026-05-05,D-1,north,dr-1,2,10.50\n2026-05-05,D-1,north,DR-1,1,5.25\n2026-05-06,C-1,north,DR-1,-1,-5.25\n"
    )
    report = bring(text)
    assert (report.rows, report.added) == (3, 3)
    rows = LedgerEntry.objects.order_by("date", "line").values_list(
        "dealer", "product", "document", "line", "kind", "net", "source"
    )
    assert list(rows) == [
        (dealer.pk, drill.pk, "D-1", "1", "shipped", Decimal("10.50"), "import"),
        (dealer.pk, drill.pk, "D-1", "2", "shipped", Decimal("5.25"), "import"),
        (dealer.pk, drill.pk, "C-1", "1", "returned", Decimal("-5.25"), "import"),
    ]
    assert bring(text).added == 0
    assert list(differences()) == []


@pytest.mark.django_db
def test_a_bad_row_is_named_with_its_remedy_and_nothing_is_taken(tmp_path: Path, capsys) -> None:
    make_dealer(code="north")
    make_article("DR-1")
    file = tmp_path / "sales.csv"
    bad = """2026-05-05,D-1,north,DR-1,1,1
x,D-2,north,DR-1,1,1
2026-05-05,D-3,south,DR-1,1,1
2026-05-05,D-4,north,ZZ,1,1
2026-05-05,D-5,north,DR-1,1,"2,024,994"
2026-05-05,,north,DR-1,1,1
"""
    file.write_text(HEAD + bad)
    with pytest.raises(CommandError, match="5 rows cannot be taken"):
        call_command("import_sales", file)
    said = capsys.readouterr().err
    assert "Row 3, D-2: “x” is not a day" in said
    assert "Row 4, D-3: There is no dealer south" in said
    assert "Row 5, D-4: The catalogue has no article ZZ" in said
    assert "Row 6, D-5: “2,024,994” may mean 2024.994 or 2024994.00" in said
    assert "Row 7, –: There is no document number" in said
    assert not LedgerEntry.objects.exists()
    file.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="no column “date”"):
        call_command("import_sales", file)


@pytest.mark.django_db
def test_only_the_head_office_imports(principal_of) -> None:
    with pytest.raises(NotAllowed):
        import_sales(
            source=io.BytesIO(HEAD.encode()), asked=SalesFile(), by=principal_of(make_member(Role.OWNER)), name="a.csv"
        )


@pytest.mark.django_db
def test_adventureworks_resellers_become_dealers_and_territories_regions(
    real_data: Path, tmp_path: Path, capsys
) -> None:
    """The first 300 of 47,572 lines: the whole is measured by hand (docs/decisions/0036)."""
    with gzip.open(real_data / "adventureworks/reseller_sales_2017_2019.csv.gz", "rt") as source:
        lines = [next(source) for _n in range(301)]
    (tmp_path / "sales.csv").write_text("".join(lines))
    call_command("import_sales", tmp_path / "sales.csv", "--currency", "USD", "--make-dealers", "--without-articles")
    rows = list(csv.DictReader(lines))
    assert LedgerEntry.objects.count() == 300
    assert {entry.net for entry in LedgerEntry.objects.filter(document="SO43659")} == {
        Decimal(row["SalesAmount"]) for row in rows if row["SalesOrderNumber"] == "SO43659"
    }
    assert set(Dealer.objects.values_list("code", flat=True)) == {row["ResellerKey"] for row in rows}
    assert set(Region.objects.values_list("code", flat=True)) == {row["SalesTerritoryKey"] for row in rows}
    assert list(differences()) == []


@pytest.mark.django_db
def test_cancellations_of_online_retail_are_returns(real_data: Path) -> None:
    with gzip.open(real_data / "retail/online_retail.csv.gz", "rt", encoding="utf-8-sig") as source:
        lines = [next(source) for _n in range(400)]
    rows = list(csv.DictReader(lines))
    report = bring("".join(lines), currency="GBP", dealer="walk-in", makes=True, without_articles=True)
    cancelled = {row["InvoiceNo"] for row in rows if row["InvoiceNo"].startswith("C")}
    assert (report.rows, bool(cancelled)) == (399, True)
    assert set(LedgerEntry.objects.filter(kind="returned").values_list("document", flat=True)) == cancelled
