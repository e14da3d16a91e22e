"""Drafts of programmes: kept apart from all that is live until they are published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.dispatch import Signal
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import acting, audit
from portal.jobs.services import cancel
from portal.lib.clock import business_date
from portal.lib.formats import day
from portal.lib.text import named

from ..errors import AlreadyDecided, AwardNotDated, ProgrammesOverlap, TiersRefused
from ..models import DraftException, DraftSlice, DraftTier, Programme, ProgrammeDraft
from .copies import programme_from, take_over
from .draft_checks import check_draft
from .premiums import refuse_cut_periods

if TYPE_CHECKING:
    from accounts.principals import Principal

    from ..querysets import ProgrammeQuerySet

# Sent in the transaction that publishes, with `programme` and `by`: what is told of it belongs to others.
programme_published = Signal()
# No threshold of a programme is so high, and the column holds it.
ABOVE_ALL: Final = 10**13


def save_draft(*, draft: ProgrammeDraft, by: Principal) -> ProgrammeDraft:
    """Keep a draft with all that is below it. Nothing live reads it.

    A new one without tiers begins with those of the programme that runs in its scope, else in the nearest region above
    (`runs_for`), with their exceptions, and with its premiums where it has none of its own. Raises AlreadyDecided for a
    published one, TiersRefused for what cannot hold (`check_draft`), NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "draft saved"):
        if draft.pk:
            _refuse_published(ProgrammeDraft.objects.select_for_update().get(pk=draft.pk))
        elif not draft.tiers.all() and (running := runs_for(draft, business_date())):
            take_over(draft, running, premiums=not draft.premiums.all())
        check_draft(draft)
        if draft.pk:
            _make_way(draft)
        draft.save()
        audit(by=by, verb="programme_draft.saved", subject=draft)
    return draft


def runs_for(draft: ProgrammeDraft, on: dt.date) -> Programme | None:
    """The programme that runs in the draft's scope on a day; else that of the nearest region above, of the same brand."""
    return _loses_dealers(draft, on).order_by(F("region__path").desc(nulls_last=True)).first()


def _refuse_published(draft: ProgrammeDraft) -> None:
    if draft.published_id:
        raise AlreadyDecided(_("This draft is published already. Begin a new one from the programme that it became."))


def _make_way(draft: ProgrammeDraft) -> None:
    """Rows are written one after another: where two change places, the one whose place is wanted steps aside first."""
    tiers = list(draft.tiers.all())
    kept = DraftTier.objects.filter(draft=draft.pk)
    for column in ("code", "threshold"):
        wanted = [(tier.pk, getattr(tier, column)) for tier in tiers]
        aside = kept.filter(pk__in=_in_the_way(dict(kept.values_list(column, "pk")), wanted))
        aside.update(code=Concat(Value("was-"), Cast("pk", CharField())), threshold=F("threshold") + ABOVE_ALL)
    # What is below a tier or premium has nothing below itself: gone, it is written anew under its own key.
    exceptions = DraftException.objects.filter(tier__draft=draft.pk)
    held = {row[:3]: row[3] for row in exceptions.values_list("tier", "category", "brand", "pk")}
    named_by = [(one.pk, (tier.pk, one.category_id, one.brand_id)) for tier in tiers for one in tier.exceptions.all()]
    exceptions.filter(pk__in=_in_the_way(held, named_by)).delete()
    slices = DraftSlice.objects.filter(premium__draft=draft.pk)
    from_ = {row[:2]: row[2] for row in slices.values_list("premium", "threshold", "pk")}
    begun = [(one.pk, (premium.pk, one.threshold)) for premium in draft.premiums.all() for one in premium.slices.all()]
    slices.filter(pk__in=_in_the_way(from_, begun)).delete()


def _in_the_way(kept: Mapping[Any, int], wanted: Iterable[tuple[int | None, Any]]) -> set[int]:
    """The keys of rows that hold what another row wants. `kept`: what → the key of the row that holds it."""
    return {kept[what] for pk, what in wanted if kept.get(what, pk) != pk}


def discard_draft(*, draft: ProgrammeDraft, by: Principal) -> None:
    """Throw a draft away with its simulations; those that run are asked to stop. Raises AlreadyDecided for a published one."""
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "draft discarded"):
        _refuse_published(ProgrammeDraft.objects.select_for_update().get(pk=draft.pk))
        for simulation in draft.simulations.select_related("job"):
            cancel(job=simulation.job)
        audit(by=by, verb="programme_draft.discarded", subject=draft, name_ru=draft.name_ru, name_en=draft.name_en)
        draft.delete()


def publish_draft(*, draft: ProgrammeDraft, valid_from: dt.date, by: Principal) -> Programme:
    """Make a programme of a draft from a day on, with all that is in it; the one that runs then in the very same scope (currency,
    region, brand) ends the day before.

    Tiers that dealers hold end with their programme; the first decision under the new one is due on its first day.
    Raises AlreadyDecided for a published draft, AwardNotDated for a day that is not to come, TiersRefused for one without
    tiers, ProgrammesOverlap where another one is to begin in this scope on the day or later, PeriodCut where a premium of a
    programme that loses its dealers is not over by then, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "draft published"):
        draft = ProgrammeDraft.objects.select_for_update().get(pk=draft.pk)
        _refuse_published(draft)
        if valid_from <= business_date():
            raise AwardNotDated(_("Choose a day to come."), field="valid_from")
        if not draft.tiers.exists():
            raise TiersRefused(_("A programme needs a tier at least: add one, then publish."), field="tiers")
        check_draft(draft)
        refuse_cut_periods(_loses_dealers(draft, valid_from), valid_from, field="valid_from")
        _end_what_runs(draft, valid_from)
        programme = programme_from(draft, code=f"draft-{draft.pk}-{valid_from:%Y%m%d}", valid_from=valid_from)
        draft.published = programme
        draft.save(update_fields=["published"])
        audit(by=by, verb="programme_draft.published", subject=draft, valid_from=valid_from.isoformat())
        programme_published.send(sender=Programme, programme=programme, by=by)
    return programme


def _loses_dealers(draft: ProgrammeDraft, on: dt.date) -> ProgrammeQuerySet:
    """The programmes that run then and whose dealers the draft takes over: of its region, and of those above."""
    above = draft.region.ancestor_ids if draft.region else []
    return Programme.objects.of_kind(draft).running_on(on).filter(Q(region=None) | Q(region__in=above))


def _end_what_runs(draft: ProgrammeDraft, valid_from: dt.date) -> None:
    scope = Programme.objects.of_kind(draft).filter(region=draft.region_id).select_for_update()
    begins = scope.filter(validity__startswith__gte=valid_from).order_by("validity").first()
    if begins:
        text = _("“%(name)s” is to begin in this scope on %(day)s. End it first, or change it instead.")
        raise ProgrammesOverlap(text % {"name": named(begins), "day": day(begins.validity.lower)}, field="valid_from")
    for running in scope.running_on(valid_from):
        running.validity = DateRange(running.validity.lower, valid_from)
        running.save(update_fields=["validity"])
