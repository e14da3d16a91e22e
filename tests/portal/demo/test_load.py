"""The demo in a real database: complete, indexed, and a second run changes nothing."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django_otp.oath import TOTP
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Dealer, Membership, User
from accounts.principals import Principal, of_membership
from content.models import GuidePage, NewsPage, PortalPage
from ordering.catalog.models import Product
from ordering.clients.models import DealerClient
from ordering.orders.models import BuyingTerms, Order
from ordering.programme.queries import standing
from portal.demo.load import Outcome, load
from portal.demo.people import signins
from search.queries import documents_by_kind

TODAY = dt.date(2026, 11, 23)
# The whole demo is loaded by the first test of this module: once, so by one worker.
pytestmark = pytest.mark.timeout(400)


def counts() -> dict[str, int]:
    """How many rows each table has; what only counts runs of the indexing is left out."""
    moving = {"search.change", "search.entry"}
    return {
        model._meta.label_lower: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.label_lower not in moving
    }


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outcome]:
    """Loaded once for this module, in a transaction that is rolled back after it."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        transaction.atomic(),
    ):
        yield load(today=TODAY)
        transaction.set_rollback(True)


@pytest.fixture
def loaded(world: Outcome, db: None) -> Outcome:
    """The world for one test, whose own changes are undone."""
    return world


def irina() -> Principal:
    return of_membership(Membership.objects.acting().get(user__email="irina@verstak-yug.example", role="owner"))


def test_everything_is_there_once_and_a_second_run_changes_nothing(loaded: Outcome) -> None:
    assert loaded.added["articles"] == Product.objects.count() == 3000
    assert (Dealer.objects.count(), loaded.added["clients"]) == (40, 2000)
    assert (GuidePage.objects.live().count(), NewsPage.objects.live().count()) == (58, 22)
    assert Order.objects.count() == loaded.added["orders"] == 100
    assert documents_by_kind()["product"] == 3000
    before = counts()
    again = load(today=TODAY + dt.timedelta(days=1))
    assert again.added == {}
    assert counts() == before
    assert again.seconds < 5


def test_what_people_changed_stays_and_what_is_missing_comes_back(loaded: Outcome) -> None:
    Product.objects.filter(sku="TV-1860.02").update(name_ru="Моё название")
    GuidePage.objects.get(slug="roles", locale__language_code="en").delete()
    assert load(today=TODAY).added.keys() == {"pages", "search"}
    assert Product.objects.get(sku="TV-1860.02").name_ru == "Моё название"
    assert GuidePage.objects.live().filter(slug="roles").count() == 2


def test_the_owner_of_verstak_yug_sees_the_world_that_the_guides_tell_of(loaded: Outcome) -> None:
    principal = irina()
    held = standing(principal.dealer_id, TODAY)
    assert held is not None
    assert held.tier is not None
    assert held.tier.code == "silver"
    assert {order.stage for order in Order.objects.visible_to(principal).with_progress(TODAY)} >= {
        "awaiting_approval", "placed", "confirmed", "part_shipped", "completed", "cancelled", "late",
    }  # fmt: skip
    assert DealerClient.objects.visible_to(principal).count() >= 64
    slugs = set(PortalPage.objects.live().visible_to(principal).values_list("slug", flat=True))
    assert {"place-an-order", "invite-a-colleague", "south-price-list"} <= slugs
    assert not slugs & {"publish-a-guide", "gold-instructors", "urals-second-truck"}


def test_whoever_tries_the_first_dealer_may_order_a_single_article(loaded: Outcome) -> None:
    limits = {terms.dealer.code: terms.minimum_order for terms in BuyingTerms.objects.select_related("dealer")}
    assert limits == {"verstak-yug": None, "rezets-ural": 5000}


def test_both_languages_of_a_page_are_one_page(loaded: Outcome) -> None:
    keys = GuidePage.objects.values_list("locale__language_code", "slug", "translation_key")
    found: dict[object, set[tuple[str, str]]] = {}
    for language, slug, key in keys:
        found.setdefault(key, set()).add((language, slug))
    assert all(
        {language for language, _ in pair} == {"ru", "en"} and len({slug for _, slug in pair}) == 1
        for pair in found.values()
    )


def test_the_printed_sign_ins_work(loaded: Outcome) -> None:
    out = StringIO()
    call_command("signins", stdout=out)
    rows = json.loads(out.getvalue())
    assert rows == signins()
    for row in rows:
        user = User.objects.get(email=row["email"])
        assert user.check_password(row["password"])
        if "otp_secret" in row:
            code = TOTP(base64.b32decode(row["otp_secret"])).token()
            assert user.totpdevice_set.get().verify_token(code)
        else:
            assert user.last_membership is not None
            assert (user.last_membership.role, user.last_membership.dealer.name) == (row["role"], row["dealer"])


@override_settings(DEMO=False)
def test_real_settings_are_refused_without_a_word_for_it(db: None) -> None:
    before = counts()
    with pytest.raises(CommandError, match="--yes-i-know"):
        call_command("load_demo")
    assert counts() == before
