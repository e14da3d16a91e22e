"""Drafts of programmes over the API, for systems of the head office."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.models import Region
from ordering.catalog.models import Brand, Category
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING, body_of, by_code
from portal.lib.errors import Invalid, Missing
from portal.lib.paging import PortalPagination

from .. import services
from ..models import DraftException, DraftPremium, DraftSlice, DraftTier, Premium, Programme, ProgrammeDraft, Tier
from ..serializers import drafts as shapes

TERMS: Final = ("name_ru", "name_en", "currency", "measure", "window", "window_months", "evaluation", "grace_months")
LEVEL: Final = ("code", "name_ru", "name_en", "benefits_ru", "benefits_en", "benefits_page")
BELOW: Final = ("tiers__exceptions__category", "tiers__exceptions__brand", "premiums__slices")


def draft_of(pk: int) -> ProgrammeDraft:
    """Raises Missing where there is none."""
    found: ProgrammeDraft | None = (
        ProgrammeDraft.objects.select_related("published", "region", "brand").filter(pk=pk).first()
    )
    if found is None:
        raise Missing(_("There is no such draft."))
    return found


def begun(facts: dict[str, Any]) -> ProgrammeDraft:
    """A new draft: empty, or with the terms of a programme. Raises Invalid where there is no such programme."""
    programme = by_code(Programme, facts.pop("from_programme", None), "from_programme")
    return services.draft_of(programme) if programme else ProgrammeDraft()


def filled(draft: ProgrammeDraft, facts: dict[str, Any]) -> ProgrammeDraft:
    """The draft with the terms of a body; its tiers and premiums, where the body names any, are all of them.

    Raises Invalid where there is no region, brand or category of a code.
    """
    tiers, premiums = facts.pop("tiers", None), facts.pop("premiums", None)
    for name, model in (("region", Region), ("brand", Brand)):
        if name in facts:
            facts[name] = by_code(model, facts[name], name)
    for name, value in facts.items():
        setattr(draft, name, value)
    if tiers is not None:
        draft.tiers.set(tiers_of(tiers))
    if premiums is not None:
        draft.premiums.set([_premium(one) for one in premiums])
    return draft


def tiers_of(facts: list[dict[str, Any]]) -> list[DraftTier]:
    """Tiers with their exceptions; every category and brand is looked up at once, however many are named."""
    said = [one for tier in facts for one in tier.get("exceptions", ())]
    known = {name: _named(model, name, said) for name, model in (("category", Category), ("brand", Brand))}
    tiers = []
    for fact in facts:
        exceptions = fact.pop("exceptions", ())
        tier = DraftTier(**fact)
        tier.exceptions.set(
            DraftException(discount=one["discount"], **{name: of.get(one.get(name)) for name, of in known.items()})
            for one in exceptions
        )
        tiers.append(tier)
    return tiers


def _named(model: type[Category | Brand], name: str, said: list[dict[str, Any]]) -> dict[str | None, Any]:
    codes = {one[name] for one in said if one.get(name)}
    found: dict[str | None, Any] = {one.code: one for one in model.objects.filter(code__in=codes)}
    for code in sorted(codes - found.keys()):
        raise Invalid(_("There is none with the code “%(code)s”.") % {"code": code}, field="tiers")
    return found


def _premium(fact: dict[str, Any]) -> DraftPremium:
    slices = fact.pop("slices", ())
    premium = DraftPremium(**fact)
    premium.slices.set([DraftSlice(**one) for one in slices])
    return premium


def terms_json(terms: ProgrammeDraft | Programme) -> dict[str, Any]:
    """What a draft and a programme say alike. What is below either is fetched (`BELOW`)."""
    tiers: Any = terms.tiers.all()
    premiums: Any = terms.premiums.all()
    return {
        **{name: getattr(terms, name) for name in TERMS},
        "region": terms.region.code if terms.region else None,
        "brand": terms.brand.code if terms.brand else None,
        "tiers": [level_json(tier) for tier in sorted(tiers, key=lambda tier: tier.threshold)],
        "premiums": [reward_json(premium) for premium in sorted(premiums, key=lambda one: one.pk)],
    }


def draft_json(draft: ProgrammeDraft) -> dict[str, Any]:
    published = draft.published.code if draft.published else None
    return {"id": draft.pk, **terms_json(draft), "published_as": published}


def level_json(tier: DraftTier | Tier) -> dict[str, Any]:
    return {
        **{name: getattr(tier, name) for name in LEVEL},
        "threshold": str(tier.threshold),
        "discount": str(tier.discount),
        "exceptions": [
            {
                "category": one.category.code if one.category else None,
                "brand": one.brand.code if one.brand else None,
                "discount": str(one.discount),
            }
            for one in sorted(tier.exceptions.all(), key=lambda one: one.pk)
        ],
    }


def reward_json(premium: DraftPremium | Premium) -> dict[str, Any]:
    slices = sorted(premium.slices.all(), key=lambda one: one.threshold)
    return {
        **{name: getattr(premium, name) for name in ("name_ru", "name_en", "kind", "period")},
        "slices": [{"threshold": str(one.threshold), "percent": str(one.percent)} for one in slices],
    }


class DraftsView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(operation_id="programme_drafts", parameters=PAGING, responses=shapes.DraftPageSerializer)
    def get(self, request: Request) -> Response:
        """Drafts of programmes with all that is in them, the latest first."""
        pages = PortalPagination()
        drafts = ProgrammeDraft.objects.select_related("published", "region", "brand")
        page: Any = pages.paginate_queryset(drafts.prefetch_related(*BELOW).order_by("-pk"), request, view=self)
        return pages.get_paginated_response([draft_json(draft) for draft in page or []])

    @extend_schema(
        request=shapes.NewDraftSerializer, responses={201: shapes.DraftSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Keeps a draft. Nothing that dealers see reads it."""
        facts = body_of(request, shapes.NewDraftSerializer)
        draft = services.save_draft(draft=filled(begun(facts), facts), by=self.principal)
        return Response(draft_json(draft_of(draft.pk)), status=status.HTTP_201_CREATED)


class DraftView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(operation_id="programme_draft", responses=shapes.DraftSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One draft."""
        return Response(draft_json(draft_of(pk)))

    @extend_schema(request=shapes.DraftTermsSerializer, responses=shapes.DraftSerializer, parameters=[IDEMPOTENCY_KEY])
    def patch(self, request: Request, pk: int) -> Response:
        """Changes a draft that is not published; `tiers` and `premiums`, where given, replace all of them."""
        facts = body_of(request, shapes.DraftTermsSerializer, partial=True)
        services.save_draft(draft=filled(draft_of(pk), facts), by=self.principal)
        return Response(draft_json(draft_of(pk)))

    @extend_schema(responses={204: None}, parameters=[IDEMPOTENCY_KEY])
    def delete(self, request: Request, pk: int) -> Response:
        """Throws a draft away with its simulations. A published one stays."""
        services.discard_draft(draft=draft_of(pk), by=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PublishDraftView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(
        request=shapes.PublishDraftSerializer, responses=shapes.DraftSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, pk: int) -> Response:
        """Makes a programme of a draft from a day to come, and drafts its announcement."""
        valid_from = body_of(request, shapes.PublishDraftSerializer)["valid_from"]
        services.publish_draft(draft=draft_of(pk), valid_from=valid_from, by=self.principal)
        return Response(draft_json(draft_of(pk)))
