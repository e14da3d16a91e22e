"""The components in a real browser: accessible in both languages, themes and widths; the scripts do what they promise."""

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the test's own thread


def violations(page: Page) -> list[str]:
    """What axe finds wrong. The window takes the page's height, or the fixed tab bar covers what lies under it."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})  # type: ignore[index]
    return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_component_is_accessible(
    browser: Browser, live_server: LiveServer, language: str, theme: Any, width: int
) -> None:
    context = browser.new_context(locale=language, color_scheme=theme, viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/styleguide/?toast")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    expect(page.locator("#toasts [data-toast]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    assert complaints == []
    context.close()


def test_a_dialog_opens_names_the_thing_and_gives_the_focus_back(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/styleguide/")
    opener = page.locator("a[href='#confirm']")
    opener.click()
    dialog = page.locator("#confirm")
    expect(dialog).to_have_js_property("open", True)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_js_property("open", False)
    expect(opener).to_be_focused()


def test_a_dialog_works_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/styleguide/")
    expect(page.locator("#confirm")).to_be_hidden()
    page.locator("a[href='#confirm']").click()
    expect(page.locator("#confirm")).to_be_visible()
    expect(page.locator(".needs-js").first).to_be_hidden()
    context.close()


def test_quantity_buttons_type_by_the_pack_and_never_below_nothing(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/styleguide/")
    quantity = page.locator(".qty-lg")
    quantity.locator("button").nth(1).click()
    expect(quantity.locator("input")).to_have_value("12")
    for _ in range(3):
        quantity.locator("button").nth(0).click()
    expect(quantity.locator("input")).to_have_value("0")


def test_a_busy_form_is_sent_once(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/styleguide/")
    page.evaluate("""() => {
        window.sent = 0;
        document.addEventListener("submit", (event) => { if (!event.defaultPrevented) window.sent++; event.preventDefault(); });
    }""")
    button = page.locator("[data-busy]")
    before = button.inner_text()
    button.click()
    button.click(force=True)  # a second press, which a person can always make
    assert page.evaluate("window.sent") == 1
    assert button.inner_text() != before
    expect(button).to_have_attribute("aria-disabled", "true")


def test_the_theme_chosen_is_kept(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/styleguide/")
    page.locator("[data-theme-toggle]").first.click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
