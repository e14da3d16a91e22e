"""The head office's grid of articles by price lists: what it shows, to whom, and at what cost."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import StaffRole
from ordering.catalog.models import Brand, Category
from ordering.pricing.enums import Shown, Suspicion
from ordering.pricing.queries import ArticleFilter, articles_of, grid_columns, grid_rows
from portal.lib.clock import business_date
from tests.factories import make_dealer, make_region, make_staff
from tests.factories_pricing import make_article, make_price_list, make_version

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
GRID = "/cms/prices/grid/"


@pytest.fixture
def manager(client_of):
    return client_of(make_staff(StaffRole.PROGRAMME))


def columns_of(*keys: str):
    return grid_columns(keys, business_date())


def shown(columns, **chosen) -> list[str]:
    return [product.sku for product in articles_of(ArticleFilter(**chosen), columns)]


def make_category(code: str, parent: Category | None = None) -> Category:
    category = Category.objects.create(code=code, name_ru=code, name_en=code, parent=parent, path=f"/{code}/")
    category.path = f"{parent.path if parent else '/'}{category.pk}/"
    category.save()
    return category


def test_the_grid_has_articles_down_and_lists_across(manager) -> None:
    drill, saw = make_article("A-1", name_en="Drill"), make_article("B-1", name_en="Saw")
    base = make_price_list({drill: {1: "100", 10: "95.5"}, saw: "1234.5678"})
    south = make_price_list({drill: "110"}, region=make_region())
    answer = manager.get(GRID)
    assert answer.status_code == 200
    rows = [
        (row.product.sku, row.min_quantity, [cell.amount for cell in row.cells])
        for row, _fields in answer.context["rows"]
    ]
    assert [column.price_list for column in answer.context["columns"]] == [base, south]
    assert rows == [
        ("A-1", 1, [Decimal(100), Decimal(110)]),
        ("A-1", 10, [Decimal("95.5"), None]),
        ("B-1", 1, [Decimal("1234.5678"), None]),
    ]
    page = answer.content.decode()
    assert "1,234.5678" in page
    assert '<th scope="row"' in page
    assert "style=" not in page[page.index('id="price-grid"') : page.index("</main>")]


def test_a_draft_is_beside_what_holds() -> None:
    article = make_article("A-1")
    price_list = make_price_list({article: 10})
    draft = make_version(price_list, {article: {1: 15, 5: 14}}, publish=False)
    (column,) = columns_of(f"v{draft.pk}")
    first, second = [row.cells[0] for row in grid_rows([article], [column])]
    assert (first.amount, first.former, first.percent, first.suspicion) == (15, 10, Decimal("50.0"), Suspicion.MUCH)
    assert (second.amount, second.former, second.percent, second.suspicion) == (14, None, None, None)
    (held,) = columns_of(f"l{price_list.pk}")
    assert [row.cells[0].is_changed for row in grid_rows([article], [held])] == [False]


def test_filters() -> None:
    tools = make_category("tools")
    drills, pipes = make_category("drills", tools), make_category("pipes")
    bosch = Brand.objects.create(code="bosch", name="Bosch")
    one = make_article("DR-1", name_en="Hammer drill", category=drills, brand=bosch)
    two = make_article("DR-2", name_en="Angle drill", category=tools)
    other = make_article("PI-1", name_en="Pipe", category=pipes)
    price_list = make_price_list({one: 10, two: 10})
    draft = make_version(price_list, {one: 11, two: 10, other: 7}, publish=False)
    held, drafted = columns_of(f"l{price_list.pk}"), columns_of(f"v{draft.pk}")
    assert shown(held) == ["DR-1", "DR-2", "PI-1"]
    assert shown(held, category_path=tools.path) == ["DR-1", "DR-2"]
    assert shown(held, brand_id=bosch.pk) == ["DR-1"]
    assert shown(held, words="drill hammer") == ["DR-1"]
    assert shown(held, words="dr-2, pi-1") == ["DR-2", "PI-1"]
    assert shown(held, words="dr-2, pi-1 " + " ".join(f"x-{n}" for n in range(300))) == ["DR-2", "PI-1"]
    assert shown(held, shown=Shown.UNPRICED) == ["PI-1"]
    assert shown(held, shown=Shown.PRICED) == ["DR-1", "DR-2"]
    assert shown(held, shown=Shown.CHANGED) == []
    assert shown(drafted, shown=Shown.CHANGED) == ["DR-1", "PI-1"]
    assert shown(drafted, shown=Shown.SUSPICIOUS) == []
    draft.prices.filter(product=one).update(amount=14)
    assert shown(drafted, shown=Shown.SUSPICIOUS) == ["DR-1"]


def test_what_an_address_says_wrongly_is_left_out(manager) -> None:
    price_list = make_price_list({make_article(): 1})
    for query in ("c=x&c=l0&c=v999&c=l", "category=x&brand=-1&shown=never&page=zz", "code=nowhere", "page=9999999999"):
        answer = manager.get(f"{GRID}?{query}&c=l{price_list.pk}")
        assert [column.key for column in answer.context["columns"]] == [f"l{price_list.pk}"]


def test_a_dealers_list_is_added_by_its_code(manager) -> None:
    article = make_article()
    own = make_price_list({article: 3}, dealer=make_dealer(), code="zimorodok", name_en="Zimorodok")
    assert own.name_en not in manager.get(GRID).content.decode()
    answer = manager.get(f"{GRID}?code=zimorodok")
    assert [column.price_list for column in answer.context["columns"]] == [own]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (StaffRole.PROGRAMME, 200), (StaffRole.ADMINISTRATOR, 200), (StaffRole.ANALYST, 200),
        (StaffRole.MANAGER, 403), (StaffRole.EDITOR, 403),
    ],
)  # fmt: skip
def test_who_reads_the_grid(client_of, role, status) -> None:
    desk = client_of(make_staff(role))
    assert desk.get(GRID).status_code == status
    assert (GRID in desk.get("/cms/").content.decode()) is (status == 200)


def count_queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_grid_asks_as_much_for_forty_rows_and_lists_as_for_one(manager) -> None:
    article = make_article()
    first = make_price_list({article: 1})
    draft = make_version(first, {article: 2}, publish=False)
    few_drafts = count_queries(manager, f"{GRID}?c=v{draft.pk}")
    few = count_queries(manager, f"{GRID}?c=l{first.pk}")
    articles = [make_article(brand=Brand.objects.create(code=f"b{n}", name=f"B{n}")) for n in range(40)]
    lists = [make_price_list(dict.fromkeys(articles, 5), region=make_region()) for _ in range(12)]
    for price_list in lists:
        make_version(price_list, {articles[0]: {1: 6, 10: 5}}, publish=False)
    answer = manager.get(GRID + "?" + "&".join(f"c=l{one.pk}" for one in lists))
    assert (len(answer.context["rows"]), len(answer.context["columns"])) == (40, 12)
    assert count_queries(manager, GRID + "?" + "&".join(f"c=l{one.pk}" for one in lists)) == few
    drafts = [one.versions.get(number=2) for one in lists]
    assert count_queries(manager, GRID + "?" + "&".join(f"c=v{one.pk}" for one in drafts)) == few_drafts
