"""Suggestions by keyboard alone: read out, walked through, taken or left, and never in a scanner's way."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from .conftest import Demo, sign_in, speak, violations


def test_suggestions_by_keyboard(new_context: Any, demo: Demo) -> None:
    page = new_context(locale="en", viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, demo, demo.signin("buyer", "Верстак-Юг"))
    speak(page, "en")
    box, options = page.locator("#q"), page.locator("#suggestions [role=option]")
    page.keyboard.press("/")
    page.keyboard.type("TV-18", delay=20)
    expect(options.first).to_be_visible()
    assert options.count() <= 8
    expect(page.locator(".top-search [role=status]")).to_contain_text("choose with the arrow keys")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("ArrowUp")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("TV-18")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    # Own past questions may stand first: whoever walked through the demo before has asked some.
    chosen = page.locator("#suggestions [role=option][aria-selected=true]")
    while (chosen.get_attribute("href") or "").startswith("/search/"):
        page.keyboard.press("ArrowDown")
    # What was clicked is noted and redirected away: the address that stays is the article's own.
    address = (chosen.get_attribute("href") or "").partition("?")[0]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")

    # A scanner: faster than any suggestion, and Enter at the end of it. The article itself opens.
    barcode = re.search(r"\d{13}", page.locator("main").inner_text())
    assert barcode
    page.goto(f"{demo.url}/")
    page.locator("#q").focus()
    page.keyboard.type(barcode.group())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
