"""Translating by wagtail-localize, as editors do it in the admin."""

import pytest
from django.test import TestCase
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.operations import translate_object

from accounts.enums import Role
from content.models import GuidePage, GuideProduct
from ordering.catalog.models import Product
from tests.factories import make_audience, make_member, make_staff
from tests.factories_content import make_guide, make_homes, make_section, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    section = make_section(parent=make_homes()["ru"])
    audience = make_audience(roles=[Role.OWNER, Role.BUYER])
    guide = make_guide("Заказать", section=section, audience=audience, lede="За минуту.", mandatory=True, body=[
        ("heading", {"text": "Корзина", "level": "2"}, "aaaaaaaa"),
        ("paragraph", "<p>Нажмите.</p>", "bbbbbbbb"),
    ])  # fmt: skip
    product = Product.objects.create(sku="TV-1", sku_key="tv-1", name_ru="Дрель", sort_key_ru="дрель", sort_key_en="")
    GuideProduct.objects.create(page=guide, product=product)
    return publish(GuidePage.objects.get(pk=guide.pk))


def translate(guide, words):
    english = Locale.objects.get(language_code="en")
    editor = make_staff("editor")
    translate_object(guide, [english], user=editor)
    translation = Translation.objects.get(source__object_id=guide.translation_key, target_locale=english)
    for segment in translation.source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.create(
            translation_of=segment.string, locale=english, context=segment.context, data=words[segment.string.data]
        )
    with TestCase.captureOnCommitCallbacks(execute=True):
        translation.save_target(user=editor, publish=True)
    return GuidePage.objects.get(locale=english, translation_key=guide.translation_key)


WORDS = {
    "Заказать": "To order",
    "zakazat": "to-order",
    "За минуту.": "In a minute.",
    "Корзина": "Cart",
    "Нажмите.": "Press.",
}


def test_translation_keeps_audience_duty_blocks_and_articles(guide, api_client):
    WORDS.setdefault(guide.slug, "to-order")
    english = translate(guide, WORDS)
    assert (english.title, english.lede, english.live) == ("To order", "In a minute.", True)
    assert (english.audience, english.mandatory) == (guide.audience, True)
    assert [block.id for block in english.body] == [block.id for block in guide.body]
    assert [link.product.sku for link in english.products.all()] == ["TV-1"]
    seen = api_client(make_member(Role.BUYER)).get("/api/v1/guides/", headers={"Accept-Language": "en"}).json()
    assert [row["title"] for row in seen["results"]] == ["To order"]


def test_translation_is_unseen_by_those_the_original_is_not_for(guide, api_client):
    WORDS.setdefault(guide.slug, "to-order")
    assert translate(guide, WORDS).live
    assert api_client(make_member(Role.READER)).get("/api/v1/guides/").json()["count"] == 0
