"""The texts: complete in both languages, and about things that exist."""

import re

import pytest

from content.enums import NoteKind, Significance, TaskIcon, Topic
from portal.demo.articles import articles
from portal.demo.guides import AUDIENCES, LANGUAGES, Text, sections, texts
from portal.demo.markdown import blocks, inline

SKU = re.compile(r"\b(?:TV|SP|DO|DD|AK|ZU)-[0-9A-Z][0-9A-Z.-]*[0-9A-Z]")
KNOWN = {article.sku for article in articles()}


def words(text: Text, language: str) -> str:
    wording = text.wordings[language]
    return f"{wording.title} {wording.lede} {re.sub(r'<[^>]+>', ' ', str(wording.body))}"


def test_there_are_forty_with_slugs_of_their_own() -> None:
    slugs = [text.slug for text in texts()]
    assert len(slugs) == len(set(slugs)) == 40
    assert sum(text.is_news for text in texts()) == 11
    assert not set(slugs) & {section.slug for section in sections()}
    assert {text.section for text in texts()} == {section.slug for section in sections()}


@pytest.mark.parametrize("text", texts(), ids=lambda text: text.slug)
def test_both_languages_are_there_and_built_alike(text: Text) -> None:
    russian, english = (text.wordings[language] for language in LANGUAGES)
    assert [block["type"] for block in russian.body] == [block["type"] for block in english.body]
    assert bool(russian.task) == bool(english.task)
    assert len(russian.ask) >= (0 if text.is_news else 4)
    assert len(english.ask) >= (0 if text.is_news else 4)
    assert not re.search("[а-яё]", words(text, "en").casefold().replace("кириллическая", "").replace("с instead", ""))
    for wording in (russian, english):
        assert len(wording.title) <= 120
        assert len(wording.lede) <= 300
        assert len(wording.task) <= 60
        assert len(wording.note) <= 80


@pytest.mark.parametrize("text", texts(), ids=lambda text: text.slug)
def test_the_facts_are_known_ones(text: Text) -> None:
    assert text.audience in AUDIENCES
    assert text.significance in Significance.values
    assert text.icon in TaskIcon.values
    assert text.topic in ({*Topic.values} if text.is_news else {""})
    assert set(text.skus) <= KNOWN
    for language in LANGUAGES:
        assert {sku for sku in SKU.findall(words(text, language)) if sku not in KNOWN} == set()


@pytest.mark.parametrize("text", texts(), ids=lambda text: text.slug)
@pytest.mark.parametrize("language", LANGUAGES)
def test_tone_and_length(text: Text, language: str) -> None:
    said = words(text, language)
    assert 80 <= len(said.split()) <= 520
    assert "!" not in said
    assert not re.search(r"пожалуйста|успешно|please|successfully", said.casefold())
    assert "**" not in said
    assert "`" not in said


def test_two_or_three_are_mandatory_and_name_their_readers() -> None:
    mandatory = [text.slug for text in texts() if text.mandatory]
    assert mandatory == ["partner-programme", "battery-returns", "south-price-list"]


def test_notes_have_a_known_kind() -> None:
    kinds = {
        block["value"]["kind"]
        for text in texts()
        for w in text.wordings.values()
        for block in w.body
        if block["type"] == "note"
    }
    assert kinds <= set(NoteKind.values)


def test_marks_become_blocks() -> None:
    lines = [
        "## Head",
        "A **b** `c` <i>.",
        "1. **Do.** So",
        "2. **Then.**",
        "| a | b |",
        "| c | d |",
        "> warn: T | Text",
        "- x",
        "- y",
    ]
    made = blocks("\n\n".join(lines))
    assert [block["type"] for block in made] == ["heading", "paragraph", "steps", "table", "note", "paragraph"]
    assert made[1]["value"] == "<p>A <b>b</b> <code>c</code> &lt;i&gt;.</p>"
    assert [step["title"] for step in made[2]["value"]] == ["Do", "Then"]
    assert made[3]["value"]["rows"] == "a | b\nc | d"
    assert made[5]["value"] == "<ul><li>x</li><li>y</li></ul>"


def test_a_link_leads_only_into_the_portal() -> None:
    assert inline("[a](/orders/)") == '<a href="/orders/">a</a>'
    assert "<a" not in inline("[a](https://elsewhere.example/)")


def test_a_broken_note_is_refused() -> None:
    with pytest.raises(ValueError, match="Not a note"):
        blocks("> loud: no bar here")
