"""The grid of prices as a price manager uses it: by keys, with a reason, and with an answer that is said aloud."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from .conftest import Demo, sign_in, violations


def test_prices_are_typed_like_into_a_spreadsheet(new_context: Any, demo: Demo) -> None:
    page = new_context(locale="en", viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, demo, demo.signin("programme"))
    page.goto(f"{demo.url}/cms/prices/grid/")
    page.locator(".pg-acts button").first.click()
    fields = page.locator(".pg-input")
    expect(fields.first).to_be_visible()
    first, third = fields.nth(0), fields.nth(2)
    stood = first.input_value()
    first.press("ControlOrMeta+a")
    page.keyboard.type("1234,5")
    page.keyboard.press("Enter")
    expect(fields.nth(1)).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(third).to_be_focused()
    assert page.locator(".pg-typed").count() == 1
    page.locator("[name=reason]").fill("Steel is dearer")
    page.keyboard.press("Enter")
    expect(page.locator("#price-grid-status")).to_have_text(re.compile(r"(Сохранена|Saved|price saved).*|1 .*"))
    expect(page.locator("[data-dirty]")).to_have_text(re.compile(r"1 price saved.|Сохранена 1 цена."))
    expect(first).to_have_value(re.compile(r"1234[.,]50"))
    expect(page.locator("s").first).to_contain_text(re.sub(r"[.,].*", "", stood)[-3:])
    assert violations(page) == []


def test_on_a_phone_a_draft_is_typed_into_and_thrown_away(new_context: Any, demo: Demo) -> None:
    page = new_context(locale="en", viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    sign_in(page, demo, demo.signin("programme"))
    page.goto(f"{demo.url}/cms/prices/grid/")
    page.locator(".pg-acts button").first.click()
    address = page.url
    fields = page.locator(".pg-input")
    fields.first.focus()
    for _step in range(12):
        page.keyboard.press("ArrowDown")
        # What has the focus is never under the bar that saves.
        page.wait_for_function(
            "() => { const f = document.activeElement.getBoundingClientRect();"
            " return document.elementFromPoint(f.x + f.width / 2, f.y + f.height / 2) === document.activeElement; }",
            timeout=3000,
        )
    page.locator(".pg-acts a[href*='/discard/']").click()
    expect(page.locator("button.no")).to_be_visible()
    assert violations(page) == []
    page.locator("button.no").click()
    expect(page.locator(".messages")).to_contain_text(re.compile(r"thrown away|удалён"))
    page.goto(address)
    expect(page.locator("#price-grid .help-warning")).to_contain_text(re.compile(r"was thrown away|удалён"))
    assert violations(page) == []
