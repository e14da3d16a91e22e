"""How texts, codes and questions are understood, without any engine."""

from __future__ import annotations

import pytest

from search import analysis, codes, layouts
from search.highlight import highlight, snippet
from search.reading import loosened, read, readings


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Шуруповёрт 18 В, 5,0 А·ч", ["шуруповерт", "18v", "5ah"]),
        ("pс-100", ["pc", "100", "pc100"]),
        ("ноутбyк", ["ноутбук"]),
        ("AK-1850", ["ak", "1850", "ak1850"]),
        ("2,50 kg", ["2.5kg", "250"]),
        ("\u0438\u0306", ["й"]),
        ("", []),
    ],
)
def test_terms_of_a_document(text, terms):
    assert [term for term, *_ in analysis.document_terms(text) if term != "250"] == [t for t in terms if t != "250"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("скидка", "скидок"),
        ("отгрузка", "отгрузок"),
        ("бензопила", "бензопилы"),
        ("сталь", "стали"),
        ("дрель", "дрелью"),
    ],
)
def test_a_word_and_its_endings_share_a_form(one, other):
    assert set(analysis.forms(one)) & set(analysis.forms(other))


def test_where_stem_and_lemma_agree_nothing_is_kept_twice():
    assert analysis.forms("дрелью") == ("дрел",)
    assert analysis.forms("скидок") == ("скидок", "скидк")
    assert analysis.forms("drills") == ("drill",)


def test_terms_never_grow_beyond_what_a_database_keeps():
    assert analysis.document_terms("я" * 5_000 + " дрель") == [("дрел",)]


def test_a_question_of_nothing_but_small_words_is_asked_as_it_is():
    assert analysis.question_terms("что это") == [("что",), ("эт",)]


@pytest.mark.parametrize(("code", "folded"), [("АК-18 50", "ak1850"), ("№ 12/3", "no123"), ("---", "")])
def test_folded_codes(code, folded):
    assert codes.folded(code) == folded


@pytest.mark.parametrize(
    ("text", "gtin"),
    [("4006381333931", "04006381333931"), ("96385074", "00000096385074"), ("1234567", None), ("٤٠٠٦٣٨١٣", None)],
)
def test_gtin(text, gtin):
    assert codes.gtin(text) == gtin


@pytest.mark.parametrize("code", ["1234", "ab12cd", "0000000", "tv18600255"])
def test_every_code_one_edit_away_meets_it_and_no_other_is_taken_for_one(code):
    signs = "0a1z"
    edits = {
        code[:at] + sign + code[at + cut :] for at in range(len(code) + 1) for sign in (*signs, "") for cut in (0, 1)
    }
    edits |= {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(len(code) - 1)}
    for near in edits - {code}:
        if len(near) >= codes.SHORTEST_SIMILAR:
            kept = {*codes.halves(code), f"~{code}"}
            assert codes.is_neighbour(near, code), near
            assert kept & set(codes.halves_around(near)), near
    far = {code, code + "99", code[2:], f"y{code}z", f"x{code[1:-1]}x"}
    assert [other for other in far if codes.is_neighbour(other, code)] == []


@pytest.mark.parametrize(
    ("typed", "other"), [("ghbdtn", "привет"), ("Ghbdtn", "Привет"), ("123", None), ("дрель makita", None)]
)
def test_swapped_layout(typed, other):
    assert layouts.swapped(typed) == other


def test_a_text_is_read_as_typed_then_in_the_other_layout():
    tried = [
        (attempt.reading.text, attempt.needed, attempt.is_correction) for attempt in readings("iehegjdthn ,ji ghj")
    ]
    assert tried == [("iehegjdthn ,ji ghj", 3, False), ("шуруповерт бош про", 2, True)]
    assert [attempt.needed for attempt in readings("дрель makita")] == [2]
    only = list(readings("iehegjdthn", as_typed=True))
    assert [(attempt.reading.text, attempt.reading.piece) for attempt in only] == [
        ("iehegjdthn", None),
        ("iehegjdthn", "iehegjdthn"),  # letters that no words know may be a piece of a code
    ]


@pytest.mark.parametrize(("words", "needed"), [(1, None), (2, 1), (3, 2), (4, 3), (5, 3), (8, 5)])
def test_most_of_the_words(words, needed):
    (attempt,) = readings(" ".join(str(number) for number in range(words)))
    loose = loosened(attempt)
    assert (loose and loose.needed) == needed


def test_a_reading_of_a_code_and_of_words():
    assert read("DHP484").piece == "dhp484"
    assert read("дрель").piece is None
    assert read("дрель ak-1850").parts == ("ak1850",)


class TestHighlight:
    def test_marks_what_was_found_and_escapes_everything(self):
        text = "<script>Дрели</script> & пилы"
        assert highlight(text, "дрель") == "&lt;script&gt;<mark>Дрели</mark>&lt;/script&gt; &amp; пилы"

    def test_a_question_is_never_part_of_the_answer(self):
        assert highlight("Дрель", "<img src=x>") == "Дрель"

    def test_marks_a_word_by_its_lemma(self):
        assert highlight("Размер скидок", "скидка") == "Размер <mark>скидок</mark>"

    def test_marks_codes(self):
        assert highlight("AK1850 аккумулятор", "ак-1850") == "<mark>AK1850</mark> аккумулятор"

    def test_a_snippet_shows_where_the_words_stand_together(self):
        text = "Дрель. " + "Пусто " * 60 + "возврат дрели <b>за день</b>. " + "Ещё " * 60
        shown = snippet(text, "возврат дрели", length=60)
        assert "<mark>возврат</mark> <mark>дрели</mark> &lt;b&gt;за день" in shown
        assert shown.startswith("… ")
        assert shown.endswith(" …")

    def test_a_snippet_of_a_text_without_the_words_is_its_beginning(self):
        assert snippet("Коротко и ясно", "дрель") == "Коротко и ясно"
