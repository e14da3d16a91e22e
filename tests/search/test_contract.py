"""What every engine must do. Each test runs on PostgreSQL and on a real Elasticsearch."""

from __future__ import annotations

import datetime as dt

import pytest

from search.access import EVERYONE, Access, audience, dealer
from search.engines import climb
from search.query import Query, Rung, Sort

from .conftest import READER
from .shelves import thing


def rungs(results):
    return [(hit.key, hit.rung) for hit in results.hits]


class TestCodes:
    def test_each_rung_outranks_the_ones_below_it(self, fill, ask):
        fill(
            thing("words", "Ремень для 3400-5678 и другие", weight=1.0),
            thing("infix", codes=("X3400-5678",)),
            thing("prefix", codes=("3400-56789",)),
            thing("folded", codes=("34005678",)),
            thing("barcode", barcodes=("34005678",)),
            thing("typed", codes=("3400-5678",)),
        )
        assert rungs(ask("34005678")) == [
            ("folded", Rung.TYPED),
            ("barcode", Rung.BARCODE),
            ("typed", Rung.FOLDED),
            ("prefix", Rung.PREFIX),
            ("infix", Rung.INFIX),
            ("words", Rung.WORDS),
        ]

    @pytest.mark.parametrize("written", ["ak-1850/b", "AK 1850 B", "AK1850B", "АК-1850/В", "аk.1850-b"])
    def test_case_separators_and_twin_letters_do_not_matter(self, fill, ask, written):
        fill(thing("it", codes=("AK-1850/B",)), thing("other", codes=("AK-1851/B",)))
        assert ask(written).keys == ["it"]

    def test_what_is_written_exactly_so_comes_before_what_only_folds_to_it(self, fill, ask):
        fill(thing("a", codes=("12-3.4",)), thing("b", codes=("1-23.4",)))
        assert ask("1-23.4").keys == ["b", "a"]
        assert ask("12-3.4").keys == ["a", "b"]

    @pytest.mark.parametrize("scanned", ["4006381333931", "04006381333931", "4006381 333931", "4006381-333931"])
    def test_a_barcode_is_found_however_long_it_is_written(self, fill, ask, scanned):
        fill(thing("it", barcodes=("4006381333931",)))
        assert rungs(ask(scanned)) == [("it", Rung.BARCODE)]

    def test_a_barcode_whose_leading_zeros_a_spreadsheet_ate(self, fill, ask):
        fill(thing("it", barcodes=("0095205603217",)))
        assert ask("95205603217").keys == ["it"]

    def test_three_signs_from_the_middle_find_a_code(self, fill, ask):
        fill(thing("it", codes=("006R90321",)), thing("other", codes=("006R90999",)))
        assert rungs(ask("r903")) == [("it", Rung.INFIX)]
        assert rungs(ask("006-r")) == [("it", Rung.PREFIX), ("other", Rung.PREFIX)]

    def test_pieces_of_two_codes_are_not_one_piece(self, fill, ask):
        fill(thing("it", codes=("AB12", "12CD")))
        assert ask("b1212c").total == 0

    def test_a_neighbour_one_edit_away_is_not_found(self, fill, ask):
        fill(thing("it", codes=("TV-1860",)), thing("neighbour", codes=("TV-1870",)))
        assert ask("TV-1860").keys == ["it"]

    def test_a_word_with_a_code_beside_it(self, fill, ask):
        fill(
            thing("it", "Makita DHP484 шуруповёрт", codes=("DHP484",)),
            thing("other", "Makita DHP481", codes=("DHP481",)),
        )
        assert ask("makita dhp484").keys == ["it"]

    def test_of_two_codes_that_hold_a_piece_the_shorter_comes_first_then_the_weightier(self, fill, ask):
        fill(
            thing("long", codes=("XX-CF283-0001",), weight=1.0),
            thing("short", codes=("XCF283A",)),
            thing("heavy", codes=("XCF283B",), weight=1.0),
            thing("begins", codes=("CF283-0000-0001",)),
        )
        assert ask("cf283").keys == ["begins", "heavy", "short", "long"]

    def test_a_code_written_in_pieces_among_words(self, fill, ask):
        fill(thing("it", "Шуруповёрт", codes=("DHP484",)), thing("other", "Шуруповёрт DHP 481", codes=("DHP481",)))
        assert rungs(ask("шуруповёрт dhp 484"))[0] == ("it", Rung.PART)

    def test_a_measure_beside_a_word_is_no_code(self, fill, ask):
        fill(thing("code", "Хомут", codes=("500",)), thing("it", "Дрель 500 оборотов"))
        assert rungs(ask("дрель 500", limit=1)) == [("it", Rung.WORDS)]
        assert ask("500").keys[0] == "code"

    def test_a_size_is_read_as_a_size_first(self, fill, ask):
        fill(thing("code", codes=("AK-18B-50",)), thing("it", "Аккумулятор 18 В"))
        assert ask("18 В").keys == ["it"]
        fill(thing("code", codes=("AK-18B-50",)))
        assert rungs(ask("18 В")) == [("code", Rung.INFIX)]

    def test_letters_are_a_piece_of_a_code_only_where_no_words_know_them(self, fill, ask):
        fill(thing("code", codes=("XADAPTER-1",)), thing("it", "Adapter"))
        assert ask("adapter").keys == ["it"]
        assert rungs(ask("dapt")) == [("code", Rung.INFIX)]

    def test_signs_of_the_search_language_are_only_signs(self, fill, ask):
        fill(thing("it", codes=("100%_x",)), thing("other", codes=("100500x",)))
        assert ask("100%_x").keys == ["it"]
        for text in ("%", "_", "'", "\\", "a' | b", "(((", "!a & :*", '"', "AND OR NOT", "*:*", "\x00"):
            assert ask(text).total == 0


class TestSimilarCodes:
    """A code one edit away is another thing: it is offered as such, and never found."""

    @pytest.fixture(autouse=True)
    def _things(self, fill):
        fill(
            thing("it", "Шуруповёрт TV-1860", codes=("TV-1860.02",)),
            thing("mistaken", "Бита", codes=("B0-1186",), weight=0.0),
            thing("theirs", "Чужое", codes=("TV-1861.02",), readers={dealer(2)}),
            thing("far", "Дрель", codes=("TV-9960.02",), weight=1.0),
        )

    @pytest.mark.parametrize(
        "typed", ["TV-1868.02", "TV-186.02", "TV-18650.02", "tv186003", "VT-1860.02", "ТV 1869 02", "TV-8160.02"]
    )
    def test_one_edit_away(self, ask, typed):
        results = ask(typed, similar=6)
        assert (results.keys, results.similar) == ([], ("it",))

    def test_only_where_the_code_itself_is_not_there_and_only_when_asked(self, ask):
        for typed in ("TV-1860.02", "1860.0", "TV-1860", "шуруповёрт"):
            results = ask(typed, similar=6)
            assert (results.keys, results.similar) == (["it"], ())
        assert ask("TV-1868.02").similar == ()
        assert ask("шуруповёрт TV-1868.02", similar=6).similar == ("it",)
        assert ask("TV-7777.77", similar=6).similar == ()

    def test_what_is_easily_mistaken_first(self, fill, ask):
        fill(thing("a", codes=("BO-1186",)), thing("b", codes=("B9-1186",), weight=1.0))
        assert ask("B0-1186", similar=6).similar == ("a", "b")
        assert ask("B0-1186", similar=1).similar == ("a",)

    def test_nothing_of_others(self, ask):
        assert ask("TV-1862.02", similar=6).similar == ("it",)
        assert set(ask("TV-1862.02", similar=6, access=Access.everything()).similar) == {"it", "theirs"}
        assert ask("TV-1862.02", similar=6, access=Access.nothing()).similar == ()


class TestLongTexts:
    def test_what_is_about_it_stands_before_what_merely_says_every_word(self, fill, ask):
        said = "Роль позволяет удалить сеть, диск, базу, инстанс и данные. " * 9
        fill(
            thing("about", "Удалить инстанс СУБД", keywords="удалить инстанс", body="Удалить можно здесь."),
            thing("says", "Права ролей", body=said),
            *(thing(f"other{at}", f"Сеть {at}", body="Сеть, диск, база и данные. " * 9) for at in range(9)),
        )
        question = "удалить инстанс базы данных"
        assert ask(question).keys[0] == "says"  # all words first: right for names of articles
        found = ask(question, prose=True)
        assert (found.keys[:2], found.is_loose) == (["about", "says"], False)
        assert ask(question, prose=True, limit=1, offset=1).keys == ["says"]

    def test_one_word_and_a_code_are_as_ever(self, fill, ask):
        fill(thing("it", "Возврат"), thing("code", codes=("AB-1200",)))
        assert ask("возврат", prose=True).keys == ["it"]
        assert ask("ab1200", prose=True).keys == ["code"]


class TestWords:
    @pytest.mark.parametrize("asked", ["дрели", "ДРЕЛЬ", "дрелью ударной", "Ударная дрель"])
    def test_russian_endings(self, fill, ask, asked):
        fill(thing("it", "Дрель ударная"), thing("other", "Пила"))
        assert ask(asked).keys == ["it"]

    def test_a_lemma_where_the_stem_changes(self, fill, ask):
        fill(thing("it", "Размер скидок"), thing("other", "Пила"))
        assert ask("скидка").keys == ["it"]

    def test_a_word_found_by_stem_and_lemma_counts_once(self, fill, ask):
        """ "скидок" is kept under two terms: asked for loosely, it does not stand for two words."""
        fill(thing("it", "Размер скидок"), thing("both", "Скидка мастерам"), thing("other", "Пила"))
        assert ask("скидок мастера пильщика").keys == ["both"]

    def test_english_endings(self, fill, ask):
        fill(thing("it", "Cordless drills"), thing("other", "Saws"))
        assert ask("drill").keys == ["it"]

    def test_yo_is_ye(self, fill, ask):
        fill(thing("it", "Шуруповёрт"))
        assert ask("шуруповерт").keys == ["it"]

    @pytest.mark.parametrize("asked", ["18 В", "18в", "18V", "18 v"])
    def test_sizes_have_one_spelling(self, fill, ask, asked):
        fill(thing("it", "Аккумулятор 18 В 5,0 А·ч"), thing("other", "Аккумулятор 12 В"))
        assert ask(asked).keys == ["it"]
        assert ask("5ah").keys == ["it"]

    @pytest.mark.parametrize("asked", ["28x140", "28х140", "28×140", "28Х140"])
    def test_dimensions_with_either_x(self, fill, ask, asked):
        fill(thing("it", "Сверло 28х140"))
        assert ask(asked).keys == ["it"]

    def test_the_title_outweighs_keywords_and_they_the_body(self, fill, ask):
        fill(
            thing("body", "Хомут стальной", body="Подходит для дрели и не только"),
            thing("keywords", "Хомут стальной", keywords="Дрели"),
            thing("title", "Дрель стальной"),
        )
        assert ask("дрель").keys == ["title", "keywords", "body"]

    def test_all_words_first_then_most_of_them(self, fill, ask):
        fill(thing("both", "Дрель ударная сетевая"), thing("one", "Дрель ударная"), thing("none", "Пила"))
        results = ask("ударная дрель сетевая")
        assert (results.keys, results.total, results.is_loose) == (["both", "one"], 2, False)
        assert ask("ударная дрель сетевая", limit=1).keys == ["both"]
        assert ask("ударная дрель сетевая", facets=("shelf",)).keys == ["both"]
        assert ask("ударная дрель зелёная").keys == ["one", "both"]

    def test_words_that_say_nothing_are_not_asked_for(self, fill, ask):
        fill(thing("it", "Оформить заказ"), thing("other", "Как у нас принято"))
        assert ask("как оформить заказ").keys == ["it"]

    def test_an_unfinished_word_as_you_type(self, fill, ask):
        fill(thing("it", "Шуруповёрт аккумуляторный"), thing("other", "Шланг"))
        assert ask("аккумуляторный шуру", as_you_type=True).keys == ["it"]
        assert ask("шуру").keys == []

    def test_what_can_be_had_comes_first_among_equals(self, fill, ask):
        fill(thing("out", "Дрель", weight=0.0), thing("here", "Дрель", weight=1.0))
        assert ask("дрель").keys == ["here", "out"]

    def test_nothing_that_could_be_a_word_finds_nothing(self, fill, ask):
        fill(thing("it", "Дрель"))
        assert ask("---").total == 0


class TestLayout:
    @pytest.mark.parametrize(
        ("typed", "meant"), [("lhtkm", "дрель"), ("ьфлшеф", "makita"), ("gjhiytdfz", "поршневая"), ("[jven", "хомут")]
    )
    def test_the_wrong_layout_is_read_and_said(self, fill, ask, typed, meant):
        fill(thing("it", f"Makita {meant}"), thing("other", "Пила"))
        results = ask(typed)
        assert (results.keys, results.interpreted_as) == (["it"], meant)

    def test_what_is_found_as_typed_stays_as_typed(self, fill, ask):
        fill(thing("it", "lhtkm"), thing("other", "Дрель"))
        results = ask("lhtkm")
        assert (results.keys, results.interpreted_as) == (["it"], None)

    def test_it_can_be_switched_off(self, fill, ask):
        fill(thing("it", "Дрель"))
        assert ask("lhtkm", as_typed=True).total == 0

    def test_several_kinds_are_read_alike(self, fill, engine):
        fill(thing("it", "lhtkm"), thing("other", "Дрель"))
        both = [
            Query(kind="thing", text="lhtkm", access=READER, selected={"shelf": ("none",)}),
            Query(kind="thing", text="lhtkm", access=READER),
        ]
        assert [results.interpreted_as for results in climb(engine, both)] == [None, None]


class TestSeveralKinds:
    @pytest.fixture
    def ask_both(self, fill, engine):
        """Of things on two shelves, asked as two kinds would be."""
        fill(
            thing("guide", "Вернуть аккумулятор", facets={"shelf": ("guides",)}),
            thing("battery", "Аккумулятор", codes=("AK-1850",), facets={"shelf": ("articles",)}),
        )

        def ask_both(text, **how):
            shelves = ("guides", "articles")
            asked = [Query(kind="thing", text=text, access=READER, selected={"shelf": (at,)}, **how) for at in shelves]
            return [(results.keys, results.is_loose) for results in climb(engine, asked)]

        return ask_both

    def test_one_that_has_nothing_is_asked_for_most_of_the_words(self, ask_both):
        assert ask_both("вернуть аккумулятор") == [(["guide"], False), (["battery"], True)]

    def test_not_for_a_misspelt_code_whose_letters_say_something(self, fill, ask_both):
        fill(
            thing("guide", "Батареи AK", facets={"shelf": ("guides",)}),
            thing("battery", "Батарея AK", codes=("AK-1850",), facets={"shelf": ("articles",)}),
        )
        assert ask_both("ak-1851") == [(["guide"], True), (["battery"], True)]
        assert ask_both("ak-1851", similar=3) == [([], False), ([], False)]

    def test_not_for_a_code_and_not_while_typing(self, ask_both):
        assert ask_both("ak-1850") == [([], False), (["battery"], False)]
        assert ask_both("вернуть аккум", as_you_type=True) == [(["guide"], False), ([], False)]


class TestAccess:
    @pytest.fixture(autouse=True)
    def _things(self, fill):
        fill(
            thing("open", "Канарейка", facets={"shelf": ("1",)}),
            thing("mine", "Канарейка", readers={dealer(1)}, codes=("K-777",), facets={"shelf": ("mine",)}),
            thing("theirs", "Канарейка", readers={dealer(2)}, codes=("K-778",), facets={"shelf": ("theirs",)}),
            thing("some", "Канарейка", readers={audience(5), audience(6)}),
            thing("nobodys", "Канарейка", readers=set()),
        )

    @pytest.mark.parametrize(
        ("access", "found"),
        [
            (Access.nothing(), set()),
            (Access.of(), set()),
            (Access.of(EVERYONE), {"open"}),
            (Access.of(EVERYONE, dealer(1)), {"open", "mine"}),
            (Access.of(audience(6), audience(7)), {"some"}),
            (Access.of(dealer(11)), set()),
            (Access.everything(), {"open", "mine", "theirs", "some", "nobodys"}),
        ],
    )
    def test_who_finds_what(self, ask, access, found):
        for text in ("канарейка", ""):
            results = ask(text, access=access)
            assert (set(results.keys), results.total) == (found, len(found))

    def test_nothing_of_others_in_codes_counts_suggestions_or_corrections(self, ask):
        me = Access.of(EVERYONE, dealer(1))
        assert ask("K-778", access=me).total == 0
        assert ask("K-77", access=me).keys == ["mine"]
        assert set(ask("канар", access=me, as_you_type=True).keys) == {"open", "mine"}
        assert ask("", access=me, facets=("shelf",)).facets == {"shelf": {"1": 1, "mine": 1}}
        assert ask("rfyfhtqrf", access=Access.of(dealer(3))).interpreted_as is None

    def test_without_the_filter_they_would_be_there(self, ask):
        """The negative control: the words above do find the others' things for one who may see everything."""
        assert ask("K-778", access=Access.everything()).keys == ["theirs"]
        assert ask("", access=Access.everything(), facets=("shelf",)).facets["shelf"]["theirs"] == 1

    def test_a_question_that_names_nobody_finds_nothing(self, engine):
        assert climb(engine, [Query(kind="thing", text="канарейка")])[0].total == 0


class TestFacets:
    @pytest.fixture(autouse=True)
    def _things(self, fill):
        fill(
            thing("d1", "Дрель", facets={"brand": ("a",), "category": ("1", "11"), "stock": ("yes",)}),
            thing("d2", "Дрель", facets={"brand": ("b",), "category": ("1", "12"), "stock": ("yes",)}),
            thing("d3", "Дрель", facets={"brand": ("a",), "category": ("1", "11"), "stock": ("no",)}),
            thing("p1", "Пила", facets={"brand": ("c",), "category": ("2",)}, numbers={"price": 7.5}),
        )

    def test_counts_of_what_was_found(self, ask):
        results = ask("дрель", facets=("brand", "category"))
        assert results.facets == {"brand": {"a": 2, "b": 1}, "category": {"1": 3, "11": 2, "12": 1}}
        assert list(results.facets["category"]) == ["1", "11", "12"]

    def test_any_value_within_a_facet_and_all_facets_together(self, ask):
        assert set(ask("", selected={"brand": ("a", "c")}).keys) == {"d1", "d3", "p1"}
        assert set(ask("", selected={"brand": ("a", "c"), "stock": ("yes",)}).keys) == {"d1"}
        assert ask("", selected={"category": ("1",)}).total == 3

    def test_a_facet_is_counted_as_if_nothing_in_it_were_selected(self, ask):
        results = ask("", facets=("brand", "stock"), selected={"brand": ("a",), "stock": ("yes",)})
        assert (results.keys, results.total) == (["d1"], 1)
        assert results.facets == {"brand": {"a": 1, "b": 1}, "stock": {"yes": 1, "no": 1}}

    def test_a_selection_that_leaves_nothing_does_not_loosen_the_words(self, ask):
        results = ask("дрель", facets=("brand",), selected={"brand": ("c",)})
        assert (results.total, results.facets) == (0, {"brand": {"a": 2, "b": 1}})

    def test_ranges_of_numbers(self, ask):
        assert ask("", ranges={("price",): (7.5, None)}).keys == ["p1"]
        assert ask("", ranges={("price",): (None, 7)}).keys == []
        assert ask("", ranges={("price",): (None, None)}).total == 4

    def test_among_some_documents_only(self, ask):
        results = ask("", only=("d1", "d2", "nowhere"), facets=("brand",))
        assert (set(results.keys), results.total, results.facets) == ({"d1", "d2"}, 2, {"brand": {"a": 1, "b": 1}})
        assert ask("", only=()).total == 0

    def test_words_are_loosened_only_as_told(self, ask):
        assert ask("дрель зелёная").total == 3
        assert ask("дрель зелёная", loose=False).total == 0
        assert set(ask("дрель пила", loose=True).keys) == {"d1", "d2", "d3", "p1"}


class TestGroups:
    """Attributes: one facet that holds values of many sorts, each sort chosen and counted by itself."""

    @pytest.fixture(autouse=True)
    def _things(self, fill):
        fill(
            thing("1", facets={"attribute/": ("volts=18", "motor=brushless")}),
            thing("2", facets={"attribute/": ("volts=18", "motor=brushed")}),
            thing("3", facets={"attribute/": ("volts=12", "motor=brushed", "volts.max=18")}),
            thing("4", facets={"attribute/": ("volts=36",), "brand": ("volts=18",)}),
        )

    def test_all_sorts_together_most_frequent_first(self, ask):
        counts = ask("", facets=("attribute/",)).facets["attribute/"]
        assert counts == {
            "motor=brushed": 2,
            "volts=18": 2,
            "motor=brushless": 1,
            "volts.max=18": 1,
            "volts=12": 1,
            "volts=36": 1,
        }
        assert set(list(counts)[:2]) == {"motor=brushed", "volts=18"}

    def test_any_value_of_a_sort_and_all_sorts_together(self, ask):
        assert set(ask("", selected={"attribute/volts": ("18", "36")}).keys) == {"1", "2", "4"}
        chosen = {"attribute/volts": ("18", "36"), "attribute/motor": ("brushed",)}
        results = ask("", selected=chosen, facets=("attribute/volts", "attribute/motor", "attribute/"))
        assert results.keys == ["2"]
        assert results.facets == {
            "attribute/volts": {"18": 1, "12": 1},
            "attribute/motor": {"brushed": 1, "brushless": 1},
            "attribute/": {"motor=brushed": 1, "volts=18": 1},
        }


class TestNumbers:
    """Prices of several lists: the first that a document has is the one that counts."""

    @pytest.fixture(autouse=True)
    def _things(self, fill):
        fill(
            thing("own", numbers={"own": 5.0, "base": 90.0}),
            thing("base", numbers={"base": 7.25}),
            thing("others", numbers={"theirs": 1.0, "base": 1000.5}),
            thing("minus", numbers={"base": -3}),
            thing("none", numbers={"theirs": 6.0}),
        )

    @pytest.mark.parametrize(
        ("low", "high", "found"),
        [
            (None, None, {"own", "base", "others", "minus", "none"}),
            (5, 7.25, {"own", "base"}),
            (5.0001, 7.2499, set()),
            (8, None, {"others"}),
            (None, 0, {"minus"}),
            (-3, -3, {"minus"}),
        ],
    )
    def test_a_range_asks_the_first_that_is_there(self, ask, low, high, found):
        assert set(ask("", ranges={("own", "base"): (low, high)}).keys) == found

    def test_the_order_too_and_who_has_none_comes_last(self, ask):
        numbers = ("own", "base")
        assert ask("", sort=Sort.LOWEST, sort_numbers=numbers).keys == ["minus", "own", "base", "others", "none"]
        assert ask("", sort=Sort.HIGHEST, sort_numbers=numbers).keys == ["others", "base", "own", "minus", "none"]

    def test_without_names_nothing_has_a_number(self, ask):
        assert ask("", ranges={(): (1, 2)}).total == 0
        assert ask("", sort=Sort.LOWEST).total == 5


class TestOrder:
    def test_without_words_by_weight_then_name_as_people_read(self, fill, ask):
        fill(thing("1", "Ёлка"), thing("2", "Жук"), thing("3", "еж"), thing("4", "Ясень", weight=0.5))
        assert ask("").keys == ["4", "3", "1", "2"]
        assert ask("", sort=Sort.NAME).keys == ["3", "1", "2", "4"]

    def test_newest_first_and_the_undated_last(self, fill, ask):
        day = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
        fill(thing("old", moment=day), thing("new", moment=day + dt.timedelta(days=1)), thing("undated"))
        assert ask("", sort=Sort.NEWEST).keys == ["new", "old", "undated"]

    def test_pages_hold_each_thing_once_and_know_how_many_there_are(self, fill, ask):
        fill(*(thing(f"{number:02}", "Дрель") for number in range(25)))
        pages = [ask("дрель", offset=offset, limit=10) for offset in (0, 10, 20, 30)]
        assert [key for page in pages for key in page.keys] == [f"{number:02}" for number in range(25)]
        assert [page.total for page in pages] == [25, 25, 25, 25]
