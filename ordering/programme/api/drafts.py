"""Drafts of programmes and their simulations over the API, for systems of the head office."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.models import Region
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING, body_of, by_code
from portal.lib.errors import Missing
from portal.lib.files import stream
from portal.lib.paging import PortalPagination
from portal.lib.sheets import XLSX

from ..models import DraftTier, ProgrammeDraft, Simulation
from ..serializers import drafts as shapes
from ..services import ask_simulation, cancel_simulation, publish_draft, save_draft

TERMS = ("name_ru", "name_en", "currency", "measure", "window", "window_months", "evaluation", "grace_months")


def draft_of(pk: int) -> ProgrammeDraft:
    """Raises Missing where there is none."""
    found: ProgrammeDraft | None = ProgrammeDraft.objects.select_related("published").filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such draft."))
    return found


def filled(draft: ProgrammeDraft, facts: dict[str, Any]) -> ProgrammeDraft:
    """The draft with the terms of a body; its tiers, where the body names any, are all of them."""
    tiers = facts.pop("tiers", None)
    for name, value in facts.items():
        setattr(draft, name, value)
    if tiers is not None:
        draft.tiers.set([DraftTier(**tier) for tier in tiers])
    return draft


def draft_json(draft: ProgrammeDraft) -> dict[str, Any]:
    return {
        "id": draft.pk,
        **{name: getattr(draft, name) for name in TERMS},
        "tiers": [
            {
                "code": tier.code,
                "name_ru": tier.name_ru,
                "name_en": tier.name_en,
                "threshold": str(tier.threshold),
                "discount": str(tier.discount),
            }
            for tier in sorted(draft.tiers.all(), key=lambda tier: tier.threshold)
        ],
        "published_as": draft.published.code if draft.published else None,
    }


class DraftsView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(operation_id="programme_drafts", parameters=PAGING, responses=shapes.DraftPageSerializer)
    def get(self, request: Request) -> Response:
        """Drafts of programmes with their tiers, the latest first."""
        pages = PortalPagination()
        found = ProgrammeDraft.objects.select_related("published").prefetch_related("tiers").order_by("-pk")
        page: Any = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([draft_json(draft) for draft in page or []])

    @extend_schema(
        request=shapes.NewDraftSerializer, responses={201: shapes.DraftSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Keeps a draft. Nothing that dealers see reads it."""
        draft = save_draft(
            draft=filled(ProgrammeDraft(), body_of(request, shapes.NewDraftSerializer)), by=self.principal
        )
        return Response(draft_json(draft_of(draft.pk)), status=status.HTTP_201_CREATED)


class DraftView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(operation_id="programme_draft", responses=shapes.DraftSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One draft."""
        return Response(draft_json(draft_of(pk)))

    @extend_schema(request=shapes.NewDraftSerializer, responses=shapes.DraftSerializer, parameters=[IDEMPOTENCY_KEY])
    def patch(self, request: Request, pk: int) -> Response:
        """Changes a draft that is not published; `tiers`, where given, replaces all of them."""
        facts = body_of(request, shapes.NewDraftSerializer, partial=True)
        save_draft(draft=filled(draft_of(pk), facts), by=self.principal)
        return Response(draft_json(draft_of(pk)))


class PublishDraftView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(
        request=shapes.PublishDraftSerializer, responses=shapes.DraftSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, pk: int) -> Response:
        """Makes a programme of a draft from a day to come, and drafts its announcement."""
        valid_from = body_of(request, shapes.PublishDraftSerializer)["valid_from"]
        publish_draft(draft=draft_of(pk), valid_from=valid_from, by=self.principal)
        return Response(draft_json(draft_of(pk)))


def simulation_of(pk: int) -> Simulation:
    """Raises Missing where there is none."""
    found = Simulation.objects.select_related("job", "region").filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such simulation."))
    return found


def simulation_json(simulation: Simulation) -> dict[str, Any]:
    job = simulation.job
    return {
        "id": simulation.pk,
        "draft": simulation.draft_id,
        "first_month": simulation.first_month,
        "last_month": simulation.last_month,
        "region": simulation.region.code if simulation.region else None,
        "state": job.state,
        "percent": job.percent,
        "error": job.error,
        "report": job.report,
        "result": reverse("api:simulation-result", args=[simulation.pk]) if job.result else None,
    }


class SimulationsView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(operation_id="simulations", parameters=PAGING, responses=shapes.SimulationPageSerializer)
    def get(self, request: Request) -> Response:
        """Simulations, the latest first."""
        pages = PortalPagination()
        found = Simulation.objects.select_related("job", "region").order_by("-pk")
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([simulation_json(one) for one in page or []])

    @extend_schema(
        request=shapes.NewSimulationSerializer,
        responses={202: shapes.SimulationSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Asks for a simulation of a draft over past months; a worker runs it. Ask again for how far it is."""
        facts = body_of(request, shapes.NewSimulationSerializer)
        region = by_code(Region, facts.pop("region", None), "region")
        draft = draft_of(facts.pop("draft"))
        asked = ask_simulation(simulation=Simulation(draft=draft, region=region, **facts), by=self.principal)
        return Response(simulation_json(asked), status=status.HTTP_202_ACCEPTED)


class SimulationView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(operation_id="simulation", responses=shapes.SimulationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How far a simulation is, and what came of it."""
        return Response(simulation_json(simulation_of(pk)))


class SimulationCancelView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(request=None, responses=shapes.SimulationSerializer, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, pk: int) -> Response:
        """Asks a simulation to stop. One that is over stays as it is."""
        cancel_simulation(simulation=simulation_of(pk), by=self.principal)
        return Response(simulation_json(simulation_of(pk)))


class SimulationResultView(ApiView):
    access = Right.MANAGE_PROGRAMME

    @extend_schema(operation_id="simulation_result", responses={(200, XLSX): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """What each dealer would gain or lose, as a workbook."""
        simulation = simulation_of(pk)
        if not simulation.job.result:
            raise Missing(_("There is no result yet."))
        return stream(simulation.job.result.open("rb"))
