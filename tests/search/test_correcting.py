"""Corrections by the words that documents everyone may read have: said, reversible, and never of a code."""

from __future__ import annotations

import pytest

from search import spelling, vocabulary
from search.access import EVERYONE, dealer
from search.correcting import corrected, doubted
from search.engines.base import Write
from search.engines.postgresql import PostgresEngine
from search.feed import version

from .shelves import thing

KINDS = ["thing"]


@pytest.fixture
def learn(db):
    """`learn(*documents)`: the vocabulary is theirs."""

    def learn(*documents):
        PostgresEngine().write([Write("thing", document.key, document) for document in documents], version())
        return vocabulary.refresh("thing")

    return learn


@pytest.fixture
def shop(learn):
    learn(
        thing("1", "Шуруповёрт аккумуляторный Makita DHP484", body="Для дома и дачи, с зарядным устройством"),
        thing("2", "Дрель ударная Bosch GSB 13"),
        thing("3", "Перфоратор DeWalt, кейс"),
        thing("4", "Хомут стальной, насадка ёмкая"),
        thing("5", "Notebook case, laser printer, Philips"),
    )


class TestCorrected:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("ifhegjdthn", "шуруповерт"),  # the other layout, and a slip
            ("gthajhfnjh [jven", "перфоратор хомут"),
            ("ьфлшеф Врз484 18м", "makita Dhp484 18v"),  # codes and sizes go with the words between them
            ("iehegjdthn 12 D, cnfkmyjq", "шуруповерт 12 В, стальной"),  # a comma is a letter, or a comma
            ("iehegjdthn Ьфлшеф 1,5 D", "шуруповерт Makita 1,5 В"),  # both alphabets the wrong way round
            ("lhtkm-elfhyfz", "дрель-ударная"),
            ("ifhegjhthn", None),  # two slips in the other layout are one too many
            ("iehegjdthn ьфлшеф", "шуруповерт makita"),
            ("lhtkm elfhyfz", "дрель ударная"),
            ("ьфлшеф", "makita"),
            ("[jven cnfkmyjq", "хомут стальной"),
            ("тщеуищщл сфыу", "notebook case"),
            ("дрель ьфлшеф", "дрель makita"),  # one word only
            ("макита", "makita"),
            ("бош", "bosch"),
            ("девольт перфоратор", "dewalt перфоратор"),
            ("филипс", "philips"),
            ("shurupovert makita", "шуруповерт makita"),
            ("drel udarnaja", "дрель ударная"),
            ("шурповерт", "шуруповерт"),
            ("шуруповрет", "шуруповерт"),
            ("перфаратор", "перфоратор"),
            ("notebok case", "notebook case"),
            ("makitta DHP484", "makita DHP484"),
        ],
    )
    def test_what_was_meant(self, shop, typed, meant):
        assert corrected(typed, KINDS) == meant

    @pytest.mark.parametrize(
        "text",
        [
            "дрель",
            "дрелью ударной",
            "Makita",
            "DHP483",
            "GSB13 хомуту",
            "case of the notebook",
            "",
            "18",
            "дом",
            "qwrtpsd",
            "еда",
            "Makita DHP",  # letters of a code
            "дрель ah",  # two letters are something in any layout
            "хомут CASF",  # what stands in capitals is short for something
        ],
    )
    def test_known_words_codes_and_what_is_like_nothing_stay(self, shop, text):
        assert corrected(text, KINDS) is None

    def test_of_the_kinds_that_are_asked_only(self, shop):
        assert corrected("шурповерт", ["client"]) is None

    def test_without_a_vocabulary_nothing_is_corrected(self, db):
        assert corrected("шурповерт", KINDS) is None


class TestAsked:
    def test_a_correction_is_said_and_can_be_undone(self, fill, ask):
        fill(thing("it", "Шуруповёрт Makita"), thing("other", "Пила"))
        vocabulary_of_all(fill)
        results = ask("шурповерт макита")
        assert (results.keys, results.interpreted_as) == (["it"], "шуруповерт makita")
        assert ask("шурповерт макита", as_typed=True).total == 0

    def test_a_likely_correction_is_loosened_rather_than_the_text(self, fill, ask):
        fill(thing("it", "Шуруповёрт Makita"), thing("other", "Пила дисковая"))
        vocabulary_of_all(fill)
        results = ask("gbkf iehegjdthn makita")
        assert (results.keys, results.interpreted_as, results.is_loose) == (["it"], "пила шуруповерт makita", True)

    def test_a_word_that_hardly_anything_has_may_be_misspelt_itself(self, shop, learn):
        learn(*(thing(str(at), "Картридж чёрный") for at in range(10, 55)), thing("9", "Картриж синий"))
        assert corrected("картриж черный", KINDS) is None  # a known word
        assert doubted("картриж черный", KINDS) == "картридж черный"
        assert doubted("картридж черный", KINDS) is None
        assert doubted("картриж черный", ["client"]) is None

    def test_a_code_among_words_of_the_wrong_layout(self, fill, ask):
        fill(thing("it", "Шуруповёрт Makita", codes=("X-70001",)), thing("other", "Пила", codes=("70001",)))
        vocabulary_of_all(fill)
        results = ask("iehegjdthn ьфлшеф X-70001".replace("X", "Ч"))
        assert (results.keys[:1], results.interpreted_as) == (["it"], "шуруповерт makita X-70001")
        assert ask("пила 70001").interpreted_as is None

    def test_a_whole_code_in_the_other_layout_before_the_middle_of_one(self, fill, ask):
        fill(thing("it", codes=("T140",)), thing("other", codes=("E140-2",)))
        results = ask("е140")
        assert (results.keys, results.interpreted_as) == (["it"], "t140")
        assert ask("е140", as_typed=True).keys == ["other"]
        assert ask("е1402").keys == ["other"]  # as it looks

    def test_an_unfinished_word_is_not_corrected(self, fill, ask):
        fill(thing("it", "Шуруповёрт"))
        vocabulary_of_all(fill)
        assert ask("шурповерт", as_you_type=True).total == 0


def vocabulary_of_all(fill):
    """As rebuilding both engines leaves it: PostgreSQL has the documents too, whichever engine answers."""
    from search.models import Vocable

    if not Vocable.objects.exists():
        documents = [thing("it", "Шуруповёрт Makita"), thing("other", "Пила дисковая")]
        PostgresEngine().write([Write("thing", document.key, document) for document in documents], version())
        vocabulary.refresh("thing")


class TestCanary:
    """Words of one dealer, of an audience and of nobody never come up as what somebody else meant."""

    @pytest.fixture(autouse=True)
    def _closed(self, learn):
        learn(
            thing("1", "Канарейка", readers={dealer(2)}),
            thing("2", "Попугайчик", readers={"audiences:5"}),
            thing("3", "Страусиха", readers=set()),
            thing("4", "Воробушек", readers={EVERYONE}),
        )

    @pytest.mark.parametrize("slip", ["канарийка", "rfyfhtqrf", "kanareika", "попугайчк", "страусха", "cnhfecb[f"])
    def test_closed_words_are_not_offered(self, slip):
        assert corrected(slip, KINDS) is None

    def test_an_open_word_is(self):
        """The negative control: the same slips in a word of everyone are mended."""
        assert corrected("воробшек", KINDS) == "воробушек"
        assert corrected("djhj,eitr", KINDS) == "воробушек"
        assert set(vocabulary.Vocable.objects.values_list("word", flat=True)) == {"воробушек"}


class TestSpelling:
    @pytest.mark.parametrize(
        ("one", "other", "slips"),
        [("дрель", "дрель", 0), ("дрель", "дерль", 1), ("дрель", "дрл", 2), ("дрель", "пила", 3), ("abcd", "acbd", 1)],
    )
    def test_distance(self, one, other, slips):
        assert min(spelling.distance(one, other, 2), 3) == slips

    def test_two_words_within_the_limit_share_a_delete(self):
        assert spelling.deletes("шуруповерт") & spelling.deletes("шурповрет")
        assert not spelling.deletes("дрель") & spelling.deletes("хомут")

    def test_rarity_counts_everybodys_documents_and_shows_no_word(self, learn):
        learn(thing("1", "Дрель"), thing("2", "Дрель"), thing("3", "Пила", readers={dealer(2)}))
        rare = vocabulary.rarity(vocabulary.documents_with("thing", ["дрел", "пил", "нет"]))
        assert rare["дрел"] < rare["пил"] < rare["нет"]
        assert vocabulary.rarity(vocabulary.documents_with("other", ["дрел"]))["дрел"] == 1.0
