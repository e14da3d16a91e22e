"""Simulations of drafts over the API, for systems of the head office."""

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

from ..models import Simulation
from ..serializers import drafts as shapes
from ..services import ask_simulation, cancel_simulation
from .drafts import draft_of


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
