"""The walk the portal is for, in a real browser, on the demo as a person starts it."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import ROOT, Demo, sign_in, speak, violations

DEALER, RIVAL = "Верстак-Юг", "Верстак-Кавказ"


@pytest.fixture
def english(new_context: Any) -> Any:
    """A page of an English browser at 1280 pixels."""
    context = new_context(locale="en", viewport={"width": 1280, "height": 900})
    return context.new_page()


def api(demo: Demo, path: str, token: str = "", body: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
    """Status and JSON of a call, as any machine would make it."""
    headers |= {"Content-Type": "application/json"} | ({"Authorization": f"Token {token}"} if token else {})
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{demo.url}/api/v1/{path}", data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def token_of(demo: Demo, role: str, dealer: str | None = None) -> str:
    signin = demo.signin(role, dealer)
    body = {"email": signin["email"], "password": signin["password"]}
    status, answer = api(demo, "auth/token/", body=body)
    assert status in {200, 201}, answer
    return str(answer["token"])


def test_find_understand_order_follow_cancel(english: Page, demo: Demo) -> None:
    """A buyer finds an article, sees the price and why, orders, follows the order; another dealer sees none of it."""
    page = english
    sign_in(page, demo, demo.signin("buyer", DEALER))
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("TV-1860.02")
    page.keyboard.press("Enter")
    page.locator("main a", has_text=re.compile("DS-18/60|ДШ-18/60")).first.click()
    expect(page.locator("aside .receipt")).to_contain_text(re.compile("Your price|Ваша цена"))
    page.locator("aside input[name=quantity]").fill("2")
    page.locator("aside button[type=submit]").click()
    expect(page.locator("#toasts")).to_contain_text("TV-1860.02")
    page.goto(f"{demo.url}/cart/")
    expect(page.locator("main")).to_contain_text("TV-1860.02")
    page.locator("button[form=place]").first.click()
    page.wait_for_url(re.compile(r"/orders/\d\d-\d+/"))
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    expect(page.locator("h1").first).to_contain_text(number)
    page.goto(f"{demo.url}/orders/")
    expect(page.locator("main")).to_contain_text(number)

    token, rivals = token_of(demo, "buyer", DEALER), token_of(demo, "buyer", RIVAL)
    status, order = api(demo, f"orders/{number}/", token)
    assert (status, order["number"]) == (200, number)
    assert api(demo, f"orders/{number}/", rivals)[0] == 404
    assert api(demo, f"orders/{number}/")[0] == 401
    assert api(demo, "orders/?q=" + number, rivals)[1]["count"] == 0

    page.goto(f"{demo.url}/orders/{number}/")
    page.locator("a[href='#cancel-order']").click()
    page.locator("#cancel-order button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text(re.compile("Cancelled|Отменён"))


def test_the_same_key_places_one_order(demo: Demo) -> None:
    token = token_of(demo, "buyer", DEALER)
    assert api(demo, "cart/lines/", token, {"sku": "AK-1850", "quantity": 2})[0] in {200, 201}
    first = api(demo, "orders/", token, {}, **{"Idempotency-Key": "walk-1"})
    again = api(demo, "orders/", token, {}, **{"Idempotency-Key": "walk-1"})
    assert (first[0], first[1]["number"]) == (again[0], again[1]["number"])
    other = api(demo, "orders/", token, {"comment": "another body"}, **{"Idempotency-Key": "walk-1"})
    assert (other[0], other[1]["code"]) == (422, "idempotency_key_reused")


def test_a_guide_is_published_for_one_audience_and_found_by_it_alone(english: Page, demo: Demo) -> None:
    """An editor publishes in Wagtail; a new employee of that audience finds it in the one search box, others don't."""
    page = english
    sign_in(page, demo, demo.signin("editor"))
    page.goto(f"{demo.url}/cms/")
    expect(page).to_have_url(re.compile("/cms/"))
    section = demo.manage(
        "shell", "-v0", "-c",
        "from content.models import SectionPage; print(SectionPage.objects.filter(locale__language_code='ru').first().pk)",
    ).strip()  # fmt: skip
    page.goto(f"{demo.url}/cms/pages/add/content/guidepage/{section}/")
    page.locator("[name=title]").fill("Обмен зубчатых венцов")
    page.locator("[name=lede]").fill("Как обменять венец барсучьего редуктора")
    audience = page.locator("select[name=audience] option", has_text=re.compile("Юг|South")).first.get_attribute(
        "value"
    )
    page.locator("select[name=audience]").select_option(audience)
    page.locator("footer [data-w-dropdown-target=toggle], footer button[aria-haspopup]").last.click()
    page.locator("button[name=action-publish]").click()
    expect(page.locator(".messages, .w-messages").first).to_contain_text("Обмен зубчатых венцов")

    def found_by(role: str, dealer: str) -> bool:
        answer = api(
            demo, "search/?q=%D0%B1%D0%B0%D1%80%D1%81%D1%83%D1%87%D1%8C%D0%B5%D0%B3%D0%BE", token_of(demo, role, dealer)
        )
        return "зубчатых венцов" in json.dumps(answer[1], ensure_ascii=False)

    for _ in range(40):
        if found_by("reader", DEALER):
            break
        page.wait_for_timeout(500)
    assert found_by("reader", DEALER)
    outside = (
        next(s for s in demo.signins if s["dealer"] and s["dealer"] not in {DEALER, RIVAL})
        if len({s["dealer"] for s in demo.signins}) > 3
        else None
    )
    if outside:
        assert not found_by(outside["role"], outside["dealer"])
    assert api(demo, "search/?q=x")[0] == 401


PAGES = {
    "owner": ("/", "/catalogue/", "/catalogue/TV-1860.02/", "/search/?q=как+оформить+заказ", "/cart/", "/quick-order/",
              "/orders/", "/sales/", "/programme/", "/price-list/", "/clients/", "/knowledge/", "/profile/", "/people/"),
    "reader": ("/", "/catalogue/", "/catalogue/TV-1860.02/", "/knowledge/"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("theme", "width", "language"),
    [("light", 1280, "ru"), ("dark", 1280, "en"), ("light", 390, "en"), ("dark", 390, "ru")],
)
@pytest.mark.parametrize("role", list(PAGES))
def test_every_page_is_accessible_and_fits(
    new_context: Any, demo: Demo, role: str, theme: Any, width: int, language: str
) -> None:
    context = new_context(locale=language, color_scheme=theme, viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(f"{page.url}: {message.text}") if message.type == "error" else None
    )
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    sign_in(page, demo, demo.signin(role, DEALER))
    speak(page, language)
    wrong: list[str] = []
    for path in PAGES[role]:
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(f"{demo.url}{path}")
        assert answer
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            wrong.append(f"{path}: {wide} pixels wide")
        wrong += [f"{path}: {found}" for found in violations(page)]
    assert wrong == []
    assert complaints == []


def test_the_picture_of_the_readme(new_context: Any, demo: Demo) -> None:
    """The first page as the README shows it; written into docs/images with README_PICTURE=1."""
    context = new_context(locale="en", viewport={"width": 1280, "height": 860})
    page = context.new_page()
    sign_in(page, demo, demo.signin("owner", DEALER))
    page.goto(f"{demo.url}/")
    speak(page, "en")
    expect(page.locator(".pipe li").first).to_be_visible()
    folder = ROOT / "docs/images" if os.environ.get("README_PICTURE") else ROOT / "test-results"
    page.screenshot(path=folder / "today.png")
