"""Saving what means the same. A rule that could not work is refused, with the phrase and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.errors import Invalid, Missing

from . import analysis, starters
from .models import SynonymGroup
from .synonyms import Rule, is_same, phrase_of

LONGEST: Final = 8  # words of a phrase
_LOCK: Final = 0x5E5A  # writes take turns: see `synonyms._stored_at`


class SynonymsRefused(Invalid):
    """The rule could not work; the text names the phrase and the remedy."""

    code = "synonyms_refused"


@transaction.atomic
def save_group(
    *, phrases: Sequence[str], replacements: Sequence[str] = (), group_id: int | None = None, by: int | None
) -> SynonymGroup:
    """Keep a group, new or changed; the next question obeys it. `by` is the person's id.

    Raises SynonymsRefused, Missing; then nothing changed.
    """
    _take_turn()
    rule = checked(phrases=phrases, replacements=replacements, group_id=group_id)
    group = _group(group_id) if group_id else SynonymGroup()
    group.phrases, group.replacements = list(rule.phrases), list(rule.replacements)
    group.changed_at, group.changed_by = timezone.now(), by
    group.save()
    return group


@transaction.atomic
def begin_with_starters(*, by: int | None) -> int:
    """Save the groups a new portal begins with, those that clash with nothing there; answers how many."""
    saved = 0
    for phrases in starters.GROUPS:
        try:
            save_group(phrases=phrases, by=by)
        except SynonymsRefused:
            continue
        saved += 1
    return saved


@transaction.atomic
def delete_group(*, group_id: int, by: int | None) -> None:
    """Forget a group; the next question does without. One that is not there is fine."""
    _take_turn()
    SynonymGroup.objects.filter(pk=group_id).delete()


def checked(*, phrases: Sequence[str], replacements: Sequence[str] = (), group_id: int | None = None) -> Rule:
    """The rule as it would be kept, for a preview too. Raises SynonymsRefused."""
    rule = Rule(tuple(map(_tidy, phrases)), tuple(map(_tidy, replacements)))
    for text in (*rule.phrases, *rule.replacements):
        _check_phrase(text)
    if not rule.phrases or len(rule.phrases) + len(rule.replacements) < 2:
        only = rule.phrases[0] if rule.phrases else "—"
        raise SynonymsRefused(_("“%s” stands alone. Add at least one phrase that means the same.") % only)
    _check_differ((*rule.phrases, *rule.replacements))
    _check_elsewhere(rule.phrases, group_id)
    return rule


def _tidy(text: str) -> str:
    return " ".join(analysis.composed(text).split())


def _check_phrase(text: str) -> None:
    if not text:
        raise SynonymsRefused(_("One phrase is empty. Type it or take it out."))
    words = phrase_of(text)
    if not words:
        raise SynonymsRefused(_("“%s” has no letters or digits, so nobody can ask for it. Take it out.") % text)
    if all(word[0] in analysis.SAY_NOTHING for word in words):
        raise SynonymsRefused(
            _("“%s” has only small words, which questions leave out. Add a word that says what is meant.") % text
        )
    if len(words) > LONGEST:
        raise SynonymsRefused(
            _("“%(phrase)s” is longer than %(most)d words. Keep what people really type.")
            % {"phrase": text, "most": LONGEST}
        )


def _check_differ(texts: Sequence[str]) -> None:
    for at, text in enumerate(texts):
        for other in texts[:at]:
            if is_same(phrase_of(text), phrase_of(other)):
                raise SynonymsRefused(
                    _("“%(one)s” and “%(other)s” are the same to the search, endings do not matter. Take one out.")
                    % {"one": other, "other": text}
                )


def _check_elsewhere(phrases: Sequence[str], group_id: int | None) -> None:
    """A phrase is widened by one group, else nobody could tell why something was found."""
    for group in SynonymGroup.objects.exclude(pk=group_id or 0):
        for text in phrases:
            if any(is_same(phrase_of(text), phrase_of(other)) for other in group.phrases):
                raise SynonymsRefused(
                    _("“%(phrase)s” is already in the group “%(group)s”. Add the other phrases there.")
                    % {"phrase": text, "group": group},
                    group=group.pk,
                )


def _group(group_id: int) -> SynonymGroup:
    group = SynonymGroup.objects.filter(pk=group_id).first()
    if group is None:
        raise Missing(_("There is no such group of synonyms any more."))
    return group


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
