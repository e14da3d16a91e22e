"""Translations: what is found in code and templates, and what is wrong with a catalogue."""

import gettext
import os
from pathlib import Path

import pytest

from portal.running import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
title = _("Orders")
say = ngettext("%(n)d order", "%(n)d orders", n) % {"n": n}
may = pgettext("month", "May")
"""
TEMPLATE = """
{% load i18n %}
<ul>
    <li>{% translate "Cart" %} {% blocktranslate trimmed with name=dealer.name %}
        Prices of {{ name }}
      {% endblocktranslate %}</li>
  <c-card title="{% translate 'Clients' %}" note="it's"></c-card>
</ul>
"""
COMPLETE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Orders"
msgstr "Заказы"

msgid "%(n)d order"
msgid_plural "%(n)d orders"
msgstr[0] "%(n)d заказ"
msgstr[1] "%(n)d заказа"
msgstr[2] "%(n)d заказов"

msgctxt "month"
msgid "May"
msgstr "Май"

msgid "Cart"
msgstr "Корзина"

msgid "Prices of %(name)s"
msgstr "Цены: %(name)s"

msgid "Clients"
msgstr "Клиенты"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "portal/views.py": PYTHON,
        "templates/page.html": TEMPLATE,
        "locale/ru/LC_MESSAGES/django.po": COMPLETE,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def catalogue(root: Path) -> Path:
    return root / "locale" / "ru" / "LC_MESSAGES" / "django.po"


def test_a_complete_catalogue_has_no_problems(root: Path) -> None:
    assert list(messages.problems(root)) == []


@pytest.mark.parametrize(
    ("text", "instead", "problem"),
    [
        ('msgstr "Заказы"', 'msgstr ""', "'Orders' (in portal/views.py) is not translated"),
        ('msgid "Clients"', 'msgid "Client"', "'Clients' (in templates/page.html) is not translated"),
        ('msgid "Orders"', '#, fuzzy\nmsgid "Orders"', "'Orders' (in portal/views.py) is not translated"),
        ('msgctxt "month"\n', "", "'May' (in portal/views.py) is not translated"),
        ('"%(n)d заказов"', '""', "('%(n)d order', '%(n)d orders') (in portal/views.py) is not translated"),
        ("Цены: %(name)s", "Цены: %(имя)s", "the translation differs in"),
        ("Цены: %(name)s", "Цены", "the translation differs in %(name)s"),
    ],
)
def test_what_is_missing_or_would_break_is_named(root: Path, text: str, instead: str, problem: str) -> None:
    broken = COMPLETE.replace(text, instead)
    assert broken != COMPLETE, "control"
    catalogue(root).write_text(broken)

    found = list(messages.problems(root))

    assert len(found) == 1
    assert problem in found[0]


def test_no_catalogue_at_all_is_a_problem(root: Path) -> None:
    catalogue(root).unlink()

    assert list(messages.problems(root)) == ["locale/: there is no catalogue"]


def test_update_adds_new_texts_and_keeps_translations(root: Path) -> None:
    (root / "templates" / "page.html").write_text('{% translate "Suppliers" %} {% translate "Cart" %}')

    messages.update(root)

    text = catalogue(root).read_text()
    assert 'msgid "Suppliers"\nmsgstr ""' in text
    assert 'msgid "Cart"\nmsgstr "Корзина"' in text
    assert '#~ msgid "Clients"' in text, "kept at the end, out of use"


def test_compile_writes_what_is_stale_and_nothing_else(root: Path) -> None:
    compiled = catalogue(root).with_suffix(".mo")

    assert messages.compile_stale(root / "locale") == [compiled]
    assert messages.compile_stale(root / "locale") == []
    os.utime(catalogue(root), (compiled.stat().st_mtime + 1,) * 2)
    assert messages.compile_stale(root / "locale") == [compiled]

    with compiled.open("rb") as file:
        russian = gettext.GNUTranslations(file)
    assert russian.gettext("Cart") == "Корзина"
    assert [russian.ngettext("%(n)d order", "%(n)d orders", n) for n in (1, 2, 5)] == [
        "%(n)d заказ", "%(n)d заказа", "%(n)d заказов",
    ]  # fmt: skip
