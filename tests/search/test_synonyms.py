"""What means the same: one rule on both engines, at once; a rule that could not work is refused."""

from __future__ import annotations

import pytest

from search import engines, synonyms
from search.engines import climb
from search.highlight import highlight
from search.models import SynonymGroup
from search.query import Query
from search.starters import GROUPS
from search.synonym_groups import SynonymsRefused, begin_with_starters, checked, delete_group, save_group
from search.synonyms import Rule, Synonyms

from .conftest import READER
from .shelves import thing


@pytest.fixture
def found(fill, engine):
    """`found(text, *rules)`: the keys of what is found with these rules."""
    fill(
        thing("chainsaw", "Бензопила Штиль"),
        thing("saw", "Пила цепная бензиновая"),
        thing("disc", "Пила дисковая"),
        thing("order", "Как заказать"),
        thing("purchase", "Оформить заказ"),
        thing("drill", "Cordless drill"),
    )

    def found(text, *rules, **how):
        return climb(engine, [Query(kind="thing", text=text, access=READER, **how)], Synonyms(rules))[0]

    return found


SAWS = Rule(("бензопила", "цепная пила"))


class TestExpansion:
    def test_a_word_finds_a_phrase_in_any_order_and_the_other_way_round(self, found):
        assert set(found("бензопилы", SAWS).keys) == {"chainsaw", "saw"}
        assert found("цепную пилу", SAWS).keys == ["saw", "chainsaw"]

    def test_without_the_rule_neither_is_found(self, found):
        assert found("бензопилы").keys == ["chainsaw"]
        assert found("цепную пилу", limit=1).keys == ["saw"]

    def test_the_words_beside_it_are_still_needed(self, found):
        assert found("цепная пила штиль", SAWS, limit=1).keys == ["chainsaw"]

    def test_half_of_a_phrase_means_nothing(self, found):
        assert found("пила", SAWS).keys == found("пила").keys

    def test_one_way_only(self, found):
        rule = Rule(("инструмент",), ("дисковая пила",))
        assert found("инструмент", rule).keys == ["disc"]
        assert found("дисковая пила", rule, limit=1).keys == ["disc"]
        assert found("дисковая пила", Rule(("дисковая пила",), ("бензопила",))).keys == ["disc", "chainsaw"]

    def test_small_words_in_a_phrase_and_between_languages(self, found):
        assert found("дрель для дома", Rule(("дрель в дом", "drill"))).keys == ["drill"]

    def test_while_typing(self, found):
        assert found("цепная пила шти", SAWS, as_you_type=True).keys == ["chainsaw"]
        assert found("цепная пи", SAWS, as_you_type=True).keys == ["saw"]

    def test_what_means_the_same_is_marked(self, found):
        results = found("цепная пила", SAWS)
        assert highlight("Бензопила Штиль", results.reading) == "<mark>Бензопила</mark> Штиль"
        assert highlight("Бензопила Штиль", "цепная пила") == "Бензопила Штиль"


@pytest.mark.django_db
class TestSaved:
    def ask(self, text):
        results = engines.search(Query(kind="thing", text=text, access=READER))
        return results.reading.slots

    def test_a_change_takes_effect_at_once(self):
        assert len(self.ask("бензопила")[0].ways) == 1
        group = save_group(phrases=["бензопила", "цепная пила"], by=7)
        assert len(self.ask("бензопила")[0].ways) == 2
        save_group(group_id=group.pk, phrases=["бензопила", "цепная пила", "chainsaw"], by=7)
        assert len(self.ask("бензопила")[0].ways) == 3
        delete_group(group_id=group.pk, by=7)
        assert len(self.ask("бензопила")[0].ways) == 1

    def test_rules_in_hand_stand_in_for_the_stored_ones(self):
        save_group(phrases=["бензопила", "цепная пила"], by=7)
        query = Query(kind="thing", text="бензопила", access=READER)
        assert len(engines.search(query, rules=synonyms.NONE).reading.slots[0].ways) == 1

    def test_reading_them_again_costs_one_small_query(self, django_assert_num_queries):
        save_group(phrases=["бензопила", "цепная пила"], by=7)
        first = synonyms.stored()
        with django_assert_num_queries(1):
            assert synonyms.stored() is first

    @pytest.mark.parametrize(
        ("phrases", "replacements", "said"),
        [
            (["дрель", " "], [], "empty"),
            (["дрель"], [], "“дрель” stands alone"),
            ([], [], "stands alone"),
            (["дрель", "---"], [], "“---” has no letters"),
            (["дрель", "как для"], [], "“как для” has only small words"),
            (["дрель", "перфоратор", "Дрели"], [], "“дрель” and “Дрели” are the same"),
            (["дрель"], ["дрели"], "are the same"),
            (["цепной пилы", "saw"], [], "“цепной пилы” is already in the group “бензопила, цепная пила”"),
            (["дрель", "а1 б2 в3 г4 д5 е6 ж7 з8 и9"], [], "longer than 8 words"),
        ],
    )
    def test_a_rule_that_could_not_work_is_refused_with_a_remedy(self, phrases, replacements, said):
        save_group(phrases=["бензопила", "цепная пила"], by=7)
        with pytest.raises(SynonymsRefused, match=said):
            save_group(phrases=phrases, replacements=replacements, by=7)
        assert SynonymGroup.objects.count() == 1

    def test_what_a_new_portal_begins_with_can_all_be_saved_and_once(self):
        assert begin_with_starters(by=None) == len(GROUPS)
        assert begin_with_starters(by=None) == 0

    def test_a_group_may_be_saved_again_and_replacements_may_be_shared(self):
        group = save_group(phrases=["бензопила", "цепная пила"], by=7)
        assert checked(phrases=[" Бензопила ", "цепная  пила"], group_id=group.pk) == Rule(("Бензопила", "цепная пила"))
        save_group(phrases=["инструмент"], replacements=["бензопила"], by=7)
        assert SynonymGroup.objects.count() == 2
