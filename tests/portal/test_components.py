"""Every component is drawn in the style guide, in both languages; what all templates must keep to."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from accounts.principals import NOBODY
from portal.lib import charts, states
from portal.lib.mail import render_email
from portal.lib.money import Money
from portal.views.styleguide import styleguide

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
COMPONENTS = TEMPLATES / "components"
STATIC = ROOT / "portal" / "static" / "portal"
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "icons.svg").read_text()))
PICTURES = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "pictures.svg").read_text()))
# What stands inside a line of text must bring no space of its own.
INLINE = ["brand", "chip", "code", "copy", "delta", "fresh", "icon", "money", "pic", "state"]


def stranger(path: str = "/styleguide/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.principal = NOBODY  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def draw(source: str, **context: object) -> str:
    """A piece of a page, compiled as a template file is."""
    from django_cotton.compiler_regex import CottonCompiler

    return Template(CottonCompiler().process(source)).render(Context({"request": stranger(), **context}))


class Seen(HTMLParser):
    """What a browser would make of it: the elements, and the attributes that run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _value in attrs if name.startswith("on")]


def our_templates() -> Iterator[Path]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        if "wagtailadmin" not in path.parts:
            yield path


def markup(path: Path) -> str:
    """The template without its comments."""
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    return re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_style_guide_draws_everything(language: str) -> None:
    with translation.override(language):
        html = styleguide(stranger("/styleguide/?toast")).content.decode()
    assert f'<html lang="{language}"' in html
    assert not re.search(r"{{|{%|<c-|</c-", html)
    assert len(re.findall(r"<h1\b", html)) == 1
    assert html.count("<main") == 1
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert sorted(set(ids)) == sorted(ids)


def test_every_component_is_shown_or_belongs_to_the_frame() -> None:
    shown = "".join(markup(path) for path in (TEMPLATES / "portal").glob("states*/**/*.html"))
    shown += markup(TEMPLATES / "portal" / "states.html")
    within = "".join(
        markup(path) for folder in ("layouts", "components") for path in (TEMPLATES / folder).glob("*.html")
    )
    missing = [
        path.stem for path in COMPONENTS.glob("*.html") if f"<c-{path.stem.replace('_', '-')}" not in shown + within
    ]
    assert missing == []


def test_every_component_says_what_it_takes() -> None:
    silent = [
        path.name for path in COMPONENTS.glob("*.html") if not path.read_text().startswith(("{# ", "{% comment %} "))
    ]
    assert silent == []


@pytest.mark.parametrize("name", INLINE)
def test_what_stands_in_a_line_brings_no_space(name: str) -> None:
    text = markup(COMPONENTS / f"{name}.html")
    assert text == text.strip()


def test_templates_keep_to_the_strict_policy() -> None:
    """No inline style, script or handler; and never cotton's own `attrs`, which are not escaped."""
    found = [
        f"{path.relative_to(TEMPLATES)}: {match.group()}"
        for path in our_templates()
        for match in re.finditer(r"""\sstyle=|\son\w+=["']|<script(?![^>]*\ssrc=)|<style|{{ *attrs *}}""", markup(path))
        if "emails" not in path.parts
    ]
    assert found == []


def test_every_icon_and_drawing_is_in_its_sprite() -> None:
    used = [
        (path.relative_to(TEMPLATES), name, sprite)
        for path in our_templates()
        for pattern, sprite in (
            (r"""{% icon ['"]([\w-]+)""", ICONS),
            (r"""<c-icon name="([\w-]+)\"""", ICONS),
            (r"""\sicon="([\w-]+)\"""", ICONS),
            (r"""{% drawing ['"]([\w-]+)""", PICTURES),
            (r"""\s(?:drawing|picture)="([\w-]+)\"""", PICTURES),
        )
        for name in re.findall(pattern, markup(path))
    ]
    assert [(str(path), name) for path, name, sprite in used if name not in sprite] == []
    assert {word.icon for words in states.AXES.values() for word in words.values()} - ICONS == set()


def test_an_unknown_state_is_seen_and_not_left_blank() -> None:
    with pytest.raises(KeyError, match="no word for state 'lost' on axis 'order'"):
        states.state_word("order", "lost")


def test_vendored_files_name_no_source_map() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js"}]
    assert [path.name for path in files if "sourceMappingURL" in path.read_text()] == []


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '" onfocus="alert(1)" x="',
        '"x" onfocus=alert(1) y="z"',
        "' onfocus='alert(1)",
        "\"'><img src=x onerror=alert(1)>",
    ],
)
def test_what_people_type_cannot_leave_an_attribute(evil: str) -> None:
    html = draw(
        '<c-field name="q" label="Q" :value="evil" :placeholder="evil" :error="evil" hint="{{ evil }}" />', evil=evil
    )
    html += draw('<c-sheet title="{{ evil }}" :data-x="evil" />', evil=evil)
    html += draw('<c-todo :title="evil" :url="evil" action="x" /><c-qty :sku="evil" :value="evil" />', evil=evil)
    page = Seen()
    page.feed(html)
    assert page.handlers == []
    assert page.tags & {"script", "img"} == set()


def test_the_guard_against_cottons_own_attributes_is_needed() -> None:
    """Negative control: printed raw, the same value becomes a handler."""
    from django_cotton.templatetags import Attrs

    evil = '"x" onfocus=alert(1) y="z"'
    page = Seen()
    page.feed(f"<input {Attrs({'value': evil})}>")
    assert page.handlers == ["onfocus"]


def test_a_form_carries_its_guards() -> None:
    html = draw("<c-form action='/x/' once>inside</c-form>", csrf_token="token")
    assert '<input type="hidden" name="_membership" value="">' in html
    assert re.search(r'name="idempotency_key" value="[0-9a-f-]{36}"', html)
    assert 'name="idempotency_key"' not in draw("<c-form action='/x/'>inside</c-form>")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [("undo:/cart/undo/1/", True), ("undo://evil.example/", False), ("undo:javascript:x", False), ("", False)],
)
def test_undo_goes_only_to_an_address_of_ours(tags: str, expected: bool) -> None:
    assert ("<form" in draw('<c-toast text="Done" :tags="tags" />', tags=tags)) is expected


def test_the_tier_bar_measures_in_percent_whatever_the_language() -> None:
    class Tier:
        def __init__(self, threshold: str) -> None:
            self.threshold = Decimal(threshold)

    with translation.override("ru"):
        bar = charts.tier_bar(
            Money(Decimal("5489200"), "RUB"), Decimal("141282"), [Tier("0"), Tier("3000000"), Tier("12000000")]
        )
    assert (bar.go, bar.plus) == ("45.74%", "46.92%")
    assert [(tick.x, tick.anchor, tick.crowded) for tick in bar.ticks] == [
        ("0.00%", "start", False),
        ("25.00%", "middle", False),
        ("100.00%", "end", False),
    ]


def test_shares_never_leave_the_whole() -> None:
    assert charts.fill(6, 3, 1, 2) == (("0.00%", "50.00%"), ("50.00%", "16.67%"), ("66.67%", "33.33%"))
    assert charts.fill(4, 3, 5) == (("0.00%", "75.00%"), ("75.00%", "25.00%"))
    assert charts.fill(0, 0) == (("0.00%", "0.00%"),)


def test_a_chart_ends_at_a_round_figure_above_its_largest() -> None:
    class Point:
        def __init__(self, label: str, now: str | None, then: str | None) -> None:
            self.label, self.part = label, False
            self.now = Decimal(now) if now else None
            self.then = Decimal(then) if then else None

    chart = charts.bar_chart([Point("Jan", "318000", "296000"), Point("Feb", None, "548000")])
    assert [tick.value for tick in chart.ticks] == [0, 200_000, 400_000, 600_000]
    assert (chart.bars[0].height, chart.bars[1].height) == ("100.7", "0.0")
    assert [tick.value for tick in charts.bar_chart([]).ticks] == [0, 1, 2, 3]


@pytest.mark.parametrize("code", ["400", "403", "404", "refused", "dealer_changed", "csrf"])
def test_error_pages_speak_to_a_stranger_too(code: str) -> None:
    html = render_to_string(f"errors/{code}.html", {"error": "Because"}, request=stranger())
    assert len(re.findall(r"<h1\b", html)) == 1
    assert not re.search(r"{{|{%|<c-", html)


def test_the_page_of_our_own_failure_needs_nothing() -> None:
    """No request, no context processors, no database: whatever broke, this page still comes."""
    html = render_to_string("errors/500.html", {"incident": "ab12cd34"})
    assert "ab12cd34" in html
    assert "X-Membership" not in html


@pytest.mark.parametrize(
    ("language", "subject", "bar"),
    [
        ("en", "Order 26-10418: 2\u00a0pcs will come on 2\u00a0December, not 28\u00a0November", "Tveron partners"),
        ("ru", None, "Тверон партнёрам"),
    ],
)
def test_a_letter_has_a_subject_a_text_and_inlined_styles(language: str, subject: str | None, bar: str) -> None:
    year = date.today().year  # noqa: DTZ011 - a sample's own year
    letter = render_email(
        "emails/sample/promise_changed",
        {
            "number": "26-10418",
            "article": "Rotary hammer <P-26> & case",
            "sku": "TV-26P.04",
            "quantity": 2,
            "new_day": date(year, 12, 2),
            "old_day": date(year, 11, 28),
        },
        language,
    )
    assert subject is None or letter.subject == subject
    assert "Rotary hammer <P-26> & case (TV-26P.04)" in letter.text
    assert "Rotary hammer &lt;P-26&gt; &amp; case" in letter.html
    assert bar in letter.html
    assert f'<html lang="{language}"' in letter.html
    assert re.search(r'<a class="btn" href="[^"]+/orders/26-10418/" style="[^"]*background', letter.html)
    assert "<style" not in letter.html
    message = letter.message(to=["i@example.com"])
    assert (message.subject, message.body, message.alternatives[0].mimetype) == (
        letter.subject,
        letter.text,
        "text/html",
    )
