"""Words that mean the same to this trade, as editors say: "заказать" and "оформить заказ".

A question is widened while it is read, so both engines follow one rule and a change takes effect with the
next question; nothing is indexed anew. Phrases are compared by their words' forms: "цепная пила" stands
for "цепной пилы" too. The words of a phrase that is asked for instead may stand in any order: names turn
them round ("Пила цепная").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from . import analysis
from .analysis import Forms
from .models import SynonymGroup

Phrase = tuple[Forms, ...]  # all of these words


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing a question asks for: any of these phrases. The first is as asked, the others mean the same."""

    ways: tuple[Phrase, ...]

    @property
    def asked(self) -> Phrase:
        return self.ways[0]

    @property
    def forms(self) -> list[str]:
        """All terms of all ways."""
        return [form for way in self.ways for word in way for form in word]


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases that mean the same; with `replacements`, that also find these, but not the other way round."""

    phrases: tuple[str, ...]
    replacements: tuple[str, ...] = ()


class Synonyms:
    """Rules ready to widen questions."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._by_first: dict[str, list[tuple[Phrase, tuple[Phrase, ...]]]] = {}
        for rule in rules:
            phrases = [phrase_of(text) for text in rule.phrases]
            others = [phrase_of(text) for text in rule.replacements]
            for phrase in filter(None, phrases):
                ways = tuple(way for way in (others or phrases) if way and way != phrase)
                for form in phrase[0]:
                    self._by_first.setdefault(form, []).append((phrase, ways))
        for rows in self._by_first.values():
            rows.sort(key=lambda row: -len(row[0]))  # the longest phrase counts

    def slots(self, words: Sequence[Forms]) -> tuple[Slot, ...]:
        """The words of a question, those of a known phrase together with what means the same."""
        found: list[Slot] = []
        at = 0
        while at < len(words):
            phrase, ways = self._begins(words[at:]) if self._by_first else ((), ())
            asked = tuple(words[at : at + max(len(phrase), 1)])
            found.append(Slot((asked, *ways)))
            at += len(asked)
        return tuple(found)

    def _begins(self, words: Sequence[Forms]) -> tuple[Phrase, tuple[Phrase, ...]]:
        rows = (row for form in words[0] for row in self._by_first.get(form, ()))
        fitting = (row for row in rows if is_same(row[0], words[: len(row[0])]))
        return max(fitting, key=lambda row: len(row[0]), default=((), ()))


NONE = Synonyms()


def phrase_of(text: str) -> Phrase:
    """The words of a phrase as a question would be read: small words are left out."""
    return tuple(analysis.question_terms(text))


def is_same(one: Sequence[Forms], other: Sequence[Forms]) -> bool:
    """Whether the phrases have the same words, whatever their endings."""
    return len(one) == len(other) and all(set(a) & set(b) for a, b in zip(one, other, strict=True))


def stored() -> Synonyms:
    """The rules that editors have saved, as they are now. One small query; they are read only when they
    have changed.
    """
    version = SynonymGroup.objects.aggregate(Count("pk"), Max("changed_at"))
    return _stored_at(*version.values()) if version["pk__count"] else NONE


@lru_cache(maxsize=1)
def _stored_at(*version: Any) -> Synonyms:
    """The rules of one version. Writes take turns and are dated within their turn, so that number and
    latest date tell versions apart (`synonym_groups.save_group`).
    """
    return Synonyms(rules())


def rules() -> list[Rule]:
    """The rules that editors have saved."""
    return [rule_of(group) for group in SynonymGroup.objects.order_by("pk")]


def rule_of(group: SynonymGroup) -> Rule:
    return Rule(tuple(group.phrases), tuple(group.replacements))
