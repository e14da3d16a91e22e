"""Tiers asked for by hand over the API: one person of the head office proposes, another decides."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.models import Dealer
from ordering.sales.forms import bounded
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING, body_of, by_code
from portal.lib.errors import Invalid, Missing
from portal.lib.paging import PortalPagination

from ..models import AwardProposal, Programme, Tier
from ..querysets import AwardProposalQuerySet
from ..rules import DAY
from ..serializers import programmes as shapes
from ..services import approve_award, propose_award, refuse_award


class ProposalsBase(ApiView):
    access = Right.MANAGE_PROGRAMME

    def visible(self) -> AwardProposalQuerySet:
        return AwardProposal.objects.visible_to(self.principal).select_related("dealer", "tier__programme")

    def one(self, pk: int) -> AwardProposal:
        """Raises Missing where there is none."""
        found = self.visible().filter(pk=pk).first()
        if found is None:
            raise Missing(_("There is no such proposal."))
        return found


def proposal_json(proposal: AwardProposal) -> dict[str, Any]:
    return {
        "id": proposal.pk,
        "dealer": proposal.dealer.code,
        "programme": proposal.tier.programme.code,
        "tier": proposal.tier.code,
        "first_day": proposal.validity.lower,
        "last_day": proposal.validity.upper - DAY,
        "reason": proposal.reason,
        "state": proposal.state.value,
        "proposed_at": proposal.proposed_at,
        "decided_at": proposal.decided_at,
    }


def tier_of(programme: Programme, code: str) -> Tier:
    """Raises Invalid where the programme has no such tier."""
    found: Tier | None = programme.tiers.filter(code=code).first()
    if found is None:
        raise Invalid(_("There is none with the code “%(code)s”.") % {"code": code}, field="tier")
    return found


class ProposalsView(ProposalsBase):
    @extend_schema(operation_id="award_proposals", parameters=PAGING, responses=shapes.ProposalPageSerializer)
    def get(self, request: Request) -> Response:
        """Tiers asked for by hand, the latest first, decided or not."""
        pages = PortalPagination()
        page = pages.paginate_queryset(self.visible().order_by("-pk"), request, view=self)
        return pages.get_paginated_response([proposal_json(one) for one in page or []])

    @extend_schema(
        request=shapes.NewProposalSerializer, responses={201: shapes.ProposalSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Asks for a tier by hand. It is held once another person has approved."""
        said = body_of(request, shapes.NewProposalSerializer)
        for name in ("first_day", "last_day"):
            bounded(said[name], field=name)
        if said["last_day"] < said["first_day"]:
            raise Invalid(_("The last day is before the first."), field="last_day")
        proposal = AwardProposal(
            dealer=by_code(Dealer, said["dealer"], "dealer"),
            tier=tier_of(by_code(Programme, said["programme"], "programme"), said["tier"]),
            validity=DateRange(said["first_day"], said["last_day"] + DAY),
            reason=said["reason"],
        )
        made = propose_award(proposal=proposal, by=self.principal)
        return Response(proposal_json(self.one(made.pk)), status=status.HTTP_201_CREATED)


class ApproveView(ProposalsBase):
    @extend_schema(request=None, responses=shapes.ProposalSerializer, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, pk: int) -> Response:
        """Gives the tier. Whoever proposed it may not."""
        approve_award(proposal=self.one(pk), by=self.principal)
        return Response(proposal_json(self.one(pk)))


class RefuseView(ProposalsBase):
    @extend_schema(request=None, responses=shapes.ProposalSerializer, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, pk: int) -> Response:
        """Decides against it. Whoever proposed it may not."""
        refuse_award(proposal=self.one(pk), by=self.principal)
        return Response(proposal_json(self.one(pk)))
