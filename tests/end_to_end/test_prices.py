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
    expect(first).to_have_value(re.compile(r"1234[.,]50"))
    expect(page.locator("s").first).to_contain_text(re.sub(r"[.,].*", "", stood)[-3:])
    assert violations(page) == []
