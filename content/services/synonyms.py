"""Synonyms as editors keep them: search's rules, with this house's rights and audit around them."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.enums import Right
from accounts.principals import Principal
from accounts.services import acting, audit
from search import synonym_groups
from search.models import SynonymGroup

checked_synonyms = synonym_groups.checked


def save_synonyms(
    *, by: Principal, phrases: Sequence[str], replacements: Sequence[str] = (), group_id: int | None = None
) -> SynonymGroup:
    """Keeps a group, new or changed; the next question obeys it. The audit holds how it read before and after.

    Raises NotAllowed, search's SynonymsRefused, or Missing for a group that is gone; then nothing changed.
    """
    by.require(Right.EDIT_CONTENT)
    with acting(by, "synonyms.saved"):
        before = _as_text(group_id)
        group = synonym_groups.save_group(phrases=phrases, replacements=replacements, group_id=group_id, by=by.user_id)
        audit(by=by, verb="synonyms.saved", subject=group, before=before, after=str(group))
        return group


def delete_synonyms(*, by: Principal, group_id: int) -> None:
    """Forgets a group; one that is not there is fine. Raises NotAllowed; then nothing changed."""
    by.require(Right.EDIT_CONTENT)
    with acting(by, "synonyms.deleted"):
        before = _as_text(group_id)
        synonym_groups.delete_group(group_id=group_id, by=by.user_id)
        audit(by=by, verb="synonyms.deleted", subject=f"synonymgroup {group_id}", before=before, after="")


def import_synonyms(*, by: Principal, groups: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[SynonymGroup]:
    """Keeps all groups of a list, or none: (phrases, replacements) of each. Raises what `save_synonyms` raises."""
    by.require(Right.EDIT_CONTENT)
    with acting(by, "synonyms.imported"):
        return [save_synonyms(by=by, phrases=phrases, replacements=others) for phrases, others in groups]


def begin_with_starters(*, by: Principal) -> int:
    """Keeps the groups a new portal begins with that clash with nothing there; answers how many. Raises NotAllowed."""
    by.require(Right.EDIT_CONTENT)
    with acting(by, "synonyms.saved"):
        before = set(SynonymGroup.objects.values_list("pk", flat=True))
        count = synonym_groups.begin_with_starters(by=by.user_id)
        for group in SynonymGroup.objects.exclude(pk__in=before):
            audit(by=by, verb="synonyms.saved", subject=group, before="", after=str(group))
        return count


def _as_text(group_id: int | None) -> str:
    return str(SynonymGroup.objects.filter(pk=group_id).first() or "") if group_id else ""
