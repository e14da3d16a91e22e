"""The query log: what is kept of a question, for how long, and of whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from search import figures, keeping, questions
from search.asked import Asked, DailyQuestion, Opened, PastQuestion, Salt
from search.figures import Trouble
from search.queries import own_questions, past_questions
from search.questions import Asker, Question, Ticket
from search.wording import E_MAIL, PHONE, TAX_ID, masked, normalised

pytestmark = pytest.mark.django_db

ANNA, BORIS = Asker(person="1", seat="10"), Asker(person="2", seat="20")


@pytest.fixture(autouse=True)
def _own_salts():
    """A rolled-back test takes its salts along."""
    questions._salt.cache_clear()
    yield
    questions._salt.cache_clear()


def ask(text: str, asker: Asker = ANNA, at: dt.datetime | None = None, **facts: Any) -> Ticket | None:
    found = facts.pop("found", {"products": 3})
    question = Question(
        **{"place": "search", "text": text, "language": "ru", "engine": "postgresql", "found": found, **facts}
    )
    return questions.keep(question=question, asker=asker, at=at or timezone.now())


def sums(text: str) -> DailyQuestion:
    questions_today = timezone.localdate()
    keeping.sum_up(questions_today)
    return DailyQuestion.objects.get(text=text, day=questions_today)


def test_one_spelling_of_a_question():
    assert normalised("  «Шуруповёрт   18В»?! ") == "шуруповерт 18в"
    assert normalised(" ?! ") == ""
    assert len(normalised("слово " * 100)) <= 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("письмо от ivanov@example.com когда", f"письмо от {E_MAIL} когда"),
        ("+7 (861) 222-33-44", PHONE),
        ("8 861 222 33 44 ромашка", f"{PHONE} ромашка"),
        ("79182223344", PHONE),
        ("+49 30 901820", PHONE),
        ("инн 7707083893", f"инн {TAX_ID}"),
        ("500100732259", TAX_ID),
        ("112-233-445 95", TAX_ID),
        # What dealers look for all day stays.
        ("4600000000015", "4600000000015"),
        ("006R90321", "006R90321"),
        ("TV-1860.02", "TV-1860.02"),
        ("7707083894", "7707083894"),
        ("шуруповерт акк 18в 2 шт", "шуруповерт акк 18в 2 шт"),
        ("7890 12", "7890 12"),
    ],
)
def test_what_names_somebody_is_masked(typed, kept):
    assert masked(typed) == kept


def test_a_question_is_kept_without_a_name_in_one_insert():
    ask("before")  # the day's salt is made
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask("Шуруповёрт", interpreted_as=None, found={"products": 2, "guides": 1})
    assert len([q for q in asked if "INSERT" in q["sql"]]) == 1
    assert len(asked) == 3  # and a savepoint, for a test is inside a transaction
    row = Asked.objects.get(text="шуруповерт")
    assert (row.total, row.found, row.place, row.existed) == (3, {"products": 2, "guides": 1}, "search", None)
    assert len(row.whose) == 24


def test_the_words_of_somebody_are_masked_when_they_are_written():
    ask("ivanov@example.com", found={})
    ask("7707083893", found={"clients": 1}, secret=True)
    assert sorted(Asked.objects.values_list("text", flat=True)) == ["", E_MAIL]
    assert PastQuestion.objects.count() == 0


def test_pseudonyms_tell_people_apart_for_one_day_only():
    today = timezone.localdate()
    yesterday = today - dt.timedelta(days=1)
    assert questions.pseudonym("1", today) == questions.pseudonym("1", today)
    assert questions.pseudonym("1", today) != questions.pseudonym("2", today)
    assert questions.pseudonym("1", today) != questions.pseudonym("1", yesterday)


def test_who_asks_thrice_is_one_person():
    for _ in range(3):
        ask("насадка")
    ask("насадка", BORIS)
    figure = sums("насадка")
    assert (figure.times, figure.people) == (4, 2)


def test_a_broken_log_breaks_no_search(monkeypatch):
    """The real database refuses; the guard around it is what is tested, and then taken away."""
    monkeypatch.setattr(questions, "_ASKED", "INSERT INTO no_such_table SELECT %(at)s")
    assert ask("шуруповерт") is None
    assert Asked.objects.count() == 0  # the transaction still lives
    with pytest.raises(DatabaseError):
        questions._insert(
            Question(place="search", text="x", language="ru", engine="", found={}), "x", ANNA, timezone.now()
        )


# Clicks


def test_a_click_counts_for_who_asked_and_only_once():
    ticket = ask("насадка")
    assert ticket is not None
    word, now = ticket.opening("product", "TV-1", 3), timezone.now()
    assert not questions.opened(word=word, asker=BORIS, at=now)  # a copied link
    assert not questions.opened(word=word + "x", asker=ANNA, at=now)
    assert not questions.opened(word="", asker=ANNA, at=now)
    assert not questions.opened(word=ticket.signed(), asker=ANNA, at=now)
    assert Opened.objects.count() == 0
    assert questions.opened(word=word, asker=ANNA, at=now)
    assert questions.opened(word=word, asker=ANNA, at=now)
    assert list(Opened.objects.values_list("kind", "key", "position")) == [("product", "TV-1", 3)]


def test_a_suggestion_is_kept_when_it_is_taken():
    ticket = Ticket.of_suggestions(text="насад", language="ru", engine="postgresql")
    assert Asked.objects.count() == 0
    assert questions.opened(word=ticket.opening("product", "TV-1", 2), asker=ANNA, at=timezone.now())
    row = Asked.objects.get()
    assert (row.text, row.place, row.opened.get().position) == ("насад", "suggest", 2)


def test_a_front_end_reports_a_click_with_the_answers_ticket():
    ticket = ask("насадка", place="api")
    assert ticket is not None
    told = {"ticket": ticket.signed(), "kind": "product", "key": "TV-1", "position": 5}
    assert not questions.reported(**told, asker=BORIS, at=timezone.now())
    assert questions.reported(**told, asker=ANNA, at=timezone.now())
    assert sums("насадка").positions == 5


def test_a_further_page_is_the_same_question():
    ticket = ask("Насадка")
    assert questions.again(text="насадка", asker=ANNA, at=timezone.now()) == ticket
    assert questions.again(text="насадка", asker=BORIS, at=timezone.now()) is None


# Nothing exists, or nothing that one may see


def test_what_found_nothing_is_looked_into_once_a_text():
    for asker in (ANNA, BORIS):
        ask("тайный прайс", asker, found={})
        ask("абракадабра", asker, found={})
    ask("насадка")
    looked: list[str] = []

    def look(text: str, language: str) -> tuple[bool, bool]:
        looked.append(text)
        return text == "тайный прайс", False

    assert keeping.look_into(look) == 2
    assert sorted(looked) == ["абракадабра", "тайный прайс"]
    assert keeping.look_into(look) == 0
    assert (sums("тайный прайс").hidden, sums("абракадабра").hidden, sums("абракадабра").vain) == (2, 0, 2)
    today = timezone.localdate()
    period = {"since": today, "until": today}
    assert [f.text for f in figures.troubled(Trouble.HIDDEN, **period)] == ["тайный прайс"]
    assert [f.text for f in figures.troubled(Trouble.ABSENT, **period)] == ["абракадабра"]


def test_the_words_of_another_dealers_client_leave_the_log():
    ask("ромашка", found={})
    keeping.look_into(lambda text, language: (True, True))
    assert Asked.objects.get().text == ""


# Figures


def test_figures_tell_what_nobody_opens_and_what_stands_far_down():
    now, today = timezone.now(), timezone.localdate()
    for text, position in (("первый", 1), ("далекий", 9), ("никакой", None)):
        ticket = ask(text)
        assert ticket is not None
        if position:
            questions.opened(word=ticket.opening("product", "A", position), asker=ANNA, at=now)
    ask("машинный", place="api")
    keeping.sum_up(today)
    period: dict[str, Any] = {"since": today, "until": today}
    assert [f.text for f in figures.troubled(Trouble.UNOPENED, **period)] == ["никакой"]
    assert [(f.text, f.position) for f in figures.troubled(Trouble.LOW, **period)] == [("далекий", 9.0)]
    assert len(figures.top(**period)) == 4
    assert figures.top(**period, language="en") == []
    assert figures.overall(**period).position == 5.0
    assert figures.overall(since=today - dt.timedelta(days=9), until=today - dt.timedelta(days=1)).times == 0
    assert figures.asked_with(["дале"], since=today) == ["далекий"]
    assert figures.asked_with([], since=today) == []


# One's own questions


def test_past_questions_are_ones_own_in_one_role():
    ask("Ключ 17", ANNA)
    ask("ключ 19", BORIS)
    ask("ключ ромашки", Asker(person="1", seat="11"))
    ask("ключ без ответа", ANNA, found={})
    ask("ключ наполовину", ANNA, is_loose=True)
    ask("Отвёртка", ANNA)
    ask("Ключ  17?", ANNA)
    assert past_questions(person="1", seat="10") == ["Ключ  17?", "Отвёртка"]
    assert past_questions(person="1", seat="10", beginning="КЛЮ") == ["Ключ  17?"]
    assert past_questions(person="2", seat="10") == []
    assert past_questions(person="", seat="") == []


def test_a_person_forgotten_leaves_no_way_back():
    ask("ключ", ANNA)
    ask("ключ", Asker(person="1", seat="11"))
    ask("ключ", BORIS)
    assert [row["written"] for row in own_questions(person="1")] == ["ключ", "ключ"]
    assert questions.forget(person="1") == 2
    assert own_questions(person="1") == []
    assert sorted(bool(whose) for whose in Asked.objects.values_list("whose", flat=True)) == [False, False, True]
    assert len(own_questions(person="2")) == 1


# The clock


def test_the_purge_takes_what_is_past_its_time_and_nothing_else():
    now = timezone.now()
    old, older = now - dt.timedelta(days=31), now - dt.timedelta(days=91)
    for at in (now, old):
        ask("насадка", ANNA, at=at)
        ask("насадка", BORIS, at=at)
        keeping.sum_up(timezone.localtime(at).date())
    ask("сидоров из урюпинска", ANNA, at=old)
    ask("старое", ANNA, at=older)
    keeping.sum_up(timezone.localtime(old).date())
    Salt.objects.create(day=timezone.localdate() - dt.timedelta(days=31), value=b"x")
    gone = keeping.purge(at=now)
    assert (gone["questions"], gone["own_questions"], gone["salts"]) == (4, 1, 1)
    assert set(Asked.objects.values_list("text", flat=True)) == {"насадка"}
    # Of the sums goes what one person alone asked; what several asked stays.
    assert sorted(DailyQuestion.objects.values_list("text", flat=True)) == ["насадка"] * 2
    assert set(keeping.purge(at=now).values()) == {0}


def test_only_the_latest_of_ones_own_questions_stay():
    now = timezone.now()
    for n in range(keeping.OWN_KEPT + 3):
        ask(f"ключ {n}", at=now + dt.timedelta(seconds=n))
    assert keeping.purge(at=now)["too_many_own"] == 3
    assert past_questions(person="1", seat="10", limit=1) == [f"ключ {keeping.OWN_KEPT + 2}"]
    assert not PastQuestion.objects.filter(text="ключ 2").exists()
