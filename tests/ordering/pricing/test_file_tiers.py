"""What the tiers of brands say in price-list files, and the days on which tiers change."""

import datetime as dt
from decimal import Decimal
from importlib import import_module

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from accounts import principals
from accounts.enums import Role
from ordering.pricing.enums import FileFormat
from ordering.pricing.models import PriceFile, TakenList
from ordering.pricing.queries import PriceContext, Recipe, made_of
from ordering.pricing.queries.discounts import TierTerms
from ordering.pricing.queries.file_bytes import file_blocks
from ordering.pricing.services.files import note_taken
from ordering.programme.enums import AwardReason
from tests.clients import api_client_of
from tests.factories import make_dealer, make_member
from tests.factories_catalog import make_brand
from tests.factories_pricing import make_article, make_award, make_price_list, make_programme

pytestmark = pytest.mark.django_db
JUNE, DEC, DAY = dt.date(2026, 6, 1), dt.date(2026, 12, 1), dt.timedelta(days=1)
# As it was kept when a dealer held one tier at most.
OLD = {"currency": "RUB", "versions": [], "contracts": [], "promotions": [], "discount": "5.00",
       "brands": [[1, "2.00"]], "branches": [[2, "3.00"]]}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_brands_name_in_a_csv_is_no_formula() -> None:
    evil, dealer = make_brand("=HYPERLINK(1)"), make_dealer()
    make_price_list({make_article(brand=evil): 100})
    make_award(dealer, make_programme((("fan", 0, 15),), brand=evil).tiers.get())
    recipe = Recipe(made_of(PriceContext.of_dealer(dealer.pk, DEC)), FileFormat.CSV, "en")
    head, row = b"".join(file_blocks(recipe)).decode("utf-8-sig").splitlines()
    assert head.split(";")[-1] == "Tiers of brands"
    assert row.split(";")[-1] == "'=HYPERLINK(1): Fan, 15.00 %"
    assert not [cell for cell in row.split(";") if cell.lstrip('"').startswith("=")]


def test_a_list_is_valid_from_the_day_a_tier_was_lost_and_until_one_begins() -> None:
    red, dealer = make_brand(), make_dealer()
    make_price_list({make_article(brand=red): 100})
    whole, fans = make_programme((("flat", 0, 5),)), make_programme((("fan", 0, 15), ("hero", 1, 20)), brand=red)
    make_award(dealer, whole.tiers.get(), start=JUNE)
    make_award(dealer, fans.tiers.get(code="fan"), start=JUNE, end=DEC)
    hero = {"start": DEC + 20 * DAY, "end": DEC + 40 * DAY, "reason": AwardReason.MANUAL}
    make_award(dealer, fans.tiers.get(code="hero"), **hero)
    made = made_of(PriceContext.of_dealer(dealer.pk, DEC + 9 * DAY))
    assert (made.since, made.until) == (DEC, DEC + 19 * DAY)
    assert [(day, [one.name_en for one in what]) for day, what in made.days.items()] == [
        (DEC + 20 * DAY, ["Hero"]), (DEC + 40 * DAY, ["Hero"]),
    ]  # fmt: skip


def test_what_was_kept_of_one_tier_is_compared_with_today() -> None:
    make_price_list({make_article(): 100})
    member = make_member(Role.BUYER)
    made = made_of(PriceContext.of_dealer(member.dealer_id))
    told = Recipe(made, FileFormat.JSON, "en").told() | {"basis": OLD | {"dealer_id": member.dealer_id}}
    row = PriceFile.objects.create(dealer=member.dealer, key="k" * 64, stamp=made.stamp, file_format="json", told=told)
    row.file.save("x.json", ContentFile(b"{}"), save=False)
    row.size, row.made_at = 2, timezone.now()
    row.save()
    note_taken(by=principals.of_membership(member), told=told, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(import_module("ordering.pricing.migrations.0007_several_tiers").SEVERAL)
    row.refresh_from_db()
    taken = TakenList.objects.get()
    assert taken.basis == row.told["basis"]
    assert [TierTerms.from_json(one) for one in taken.basis["tiers"]] == [
        TierTerms(None, Decimal(5), ((None, 1, Decimal(2)), (2, None, Decimal(3))))
    ]
    assert api_client_of(member).get("/api/v1/price-list/", {"since": "last"}).status_code == 200
