"""The range: valid, unique, the same every time."""

import subprocess
import sys
from collections import Counter
from hashlib import sha256

import pytest
from stdnum import ean

from portal.demo.articles import ATTRIBUTES, BRANDS, CATEGORIES, COUNT, SUCCESSORS, UNITS, articles, check_digit
from portal.demo.assortment.base import Words, neat
from portal.demo.assortment.descriptions import description
from portal.demo.drawings import DRAWINGS
from portal.demo.pictures import SIZE, picture

RANGE = articles()
BY_SKU = {article.sku: article for article in RANGE}


def fingerprint() -> str:
    return sha256(repr(articles()).encode()).hexdigest()


def test_there_are_exactly_three_thousand_and_nothing_is_doubled() -> None:
    assert len(RANGE) == COUNT == 3000
    assert [article.sku for article in RANGE] == sorted(BY_SKU)
    for field in ("sku", "name_ru", "name_en"):
        assert [value for value, count in Counter(getattr(a, field) for a in RANGE).items() if count > 1] == []
    assert [pair for pair, count in Counter((a.brand, a.mpn) for a in RANGE).items() if count > 1] == []
    assert len({sku.casefold() for sku in BY_SKU}) == COUNT


def test_another_process_with_another_hash_seed_makes_the_same_range() -> None:
    program = "from tests.portal.demo.test_articles import fingerprint; print(fingerprint())"
    made = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONHASHSEED": "4711"}, capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == fingerprint()


def test_barcodes_are_valid_and_unique() -> None:
    codes = [code for article in RANGE for code in article.barcodes]
    assert [code for code in codes if not ean.is_valid(code)] == []
    assert len(set(codes)) == len(codes)
    assert all(article.barcodes for article in RANGE)
    assert {code[:2] for code in codes} == {"46", "20"}


def test_a_wrong_check_digit_would_be_seen() -> None:
    assert check_digit("469000018602") == "4"
    assert not ean.is_valid("469000018602" + "5")


def test_every_reference_leads_somewhere() -> None:
    assert {article.category for article in RANGE} <= {category.slug for category in CATEGORIES}
    assert {article.brand for article in RANGE} == {brand.code for brand in BRANDS}
    assert {article.unit for article in RANGE} <= set(UNITS)
    assert {key for article in RANGE for key in article.attributes} <= set(ATTRIBUTES)
    assert {sku for article in RANGE for sku in article.attributes.get("fits", ()) if sku not in BY_SKU} == set()
    assert {category.parent for category in CATEGORIES} - {None} <= {category.slug for category in CATEGORIES}


def test_states_are_spread_and_successors_can_be_bought() -> None:
    states = Counter(article.state for article in RANGE)
    assert states["discontinued"] == len(SUCCESSORS) == 39
    assert 15 <= states["announced"] <= 25
    assert {BY_SKU[new].state for new in SUCCESSORS.values()} == {"active"}
    assert all(article.successor for article in RANGE if article.state == "discontinued")


def test_prices_and_stock_are_plausible() -> None:
    assert all(article.base_price == neat(article.base_price) > 0 for article in RANGE)
    assert all(count >= 0 and not (count % a.pack and a.pack > 1) for a in RANGE for count in a.stock.values())
    sold_out = [article for article in RANGE if not any(article.stock.values())]
    assert 200 < len(sold_out) < 600
    assert any(article.backorder for article in sold_out)
    assert any(not article.backorder for article in sold_out)


def test_words_are_in_both_languages() -> None:
    cyrillic = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
    assert all(set(article.name_ru.casefold()) & cyrillic for article in RANGE)
    assert [a.name_en for a in RANGE if set(a.name_en.casefold()) & cyrillic] == []
    wordings = [value for article in RANGE for value in article.attributes.values() if isinstance(value, Words)]
    assert [value for value in wordings if not value.ru or not value.en] == []
    assert all(description(article.category, article.drawing).en for article in RANGE)


def test_what_the_guides_quote_is_so() -> None:
    drill = BY_SKU["TV-1860.02"]
    assert drill.name_ru == "Дрель-шуруповёрт ДШ-18/60, 18 В, 60 Н·м, без АКБ"
    assert (drill.base_price, drill.barcodes[0], dict(drill.stock)) == (
        9870,
        "4690000186024",
        {"KRD": 240, "MSK": 1360, "RND": 18},
    )
    assert BY_SKU["DO-125.10"].pack == 25
    assert BY_SKU["TV-1845.02"].successor == "TV-1860.02"
    assert BY_SKU["SP-6202RS"].mpn == "6202-2RS"


def test_every_drawing_is_drawn_and_some_are_shared() -> None:
    drawings = {article.drawing for article in RANGE}
    kinds = {drawing if drawing in DRAWINGS else drawing.removesuffix(":kit") for drawing in drawings}
    assert kinds <= set(DRAWINGS)
    assert 60 <= len(drawings) <= 120


@pytest.mark.parametrize("key", ["drill", "drill:kit", "gear:bevel", "disc-diamond"])
def test_a_picture_is_a_png_of_its_size_and_always_the_same(key: str) -> None:
    made = picture(key)
    assert made == picture(key)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made[16:20], "big") == int.from_bytes(made[20:24], "big") == SIZE
    assert len(made) < 20_000


def test_an_unknown_drawing_is_refused() -> None:
    with pytest.raises(KeyError):
        picture("unicorn")
