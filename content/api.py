"""The read API of the knowledge, and what readers send back. Everything goes through `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Open, Right
from portal.lib.errors import Invalid, Missing
from portal.lib.files import stream
from portal.lib.paging import PortalPagination

from . import queries, reading, services
from .models import PortalDocument, PortalImage, PortalRendition
from .search import find
from .serializers import (
    TYPES,
    AcknowledgedSerializer,
    FeedbackSerializer,
    GivenFeedbackSerializer,
    PageRowSerializer,
    PageSerializer,
)

PICTURES_STAY = 300  # seconds in the reader's own browser; as long may a picture outlive the right to it
SHOWN_IN_PLACE = frozenset({"application/pdf"})
PAGING = [OpenApiParameter("page", int), OpenApiParameter("page_size", int, description="at most 100")]
TYPE = OpenApiParameter("type", str, enum=list(TYPES), description="all three, where absent")
Q = OpenApiParameter("q", str, description="words, as in the search box")


class PageList(ApiView):
    """Pages for this reader: newest first, or best first where `q` asks for something."""

    access = Right.READ_CONTENT
    types: ClassVar[Sequence[str]] = TYPES

    @extend_schema(parameters=[TYPE, Q, *PAGING], responses=PageRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        types = self._types(request)
        text = request.query_params.get("q", "").strip()
        rows: Any = find(self.principal, text, types) if text else queries.page_rows(self.principal, types)
        paginator = PortalPagination()
        shown: Any = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response(PageRowSerializer(shown, many=True).data)

    def _types(self, request: Request) -> Sequence[str]:
        wanted = request.query_params.get("type", "")
        if wanted and wanted not in self.types:
            raise Invalid(_("Choose one of: %(values)s.") % {"values": ", ".join(self.types)}, field="type")
        return [wanted] if wanted else self.types


class GuideList(PageList):
    """Guides for this reader."""

    types = ("guide",)


class NewsList(PageList):
    """News for this reader."""

    types = ("news",)


class PageDetail(ApiView):
    """One page. Reading it here counts as reading it."""

    access = Right.READ_CONTENT

    @extend_schema(responses=PageSerializer)
    def get(self, request: Request, pk: int) -> Response:
        page, now = reading.page_by_id(self.principal, pk), timezone.now()
        shown = PageSerializer(reading.read(self.principal, page, now)).data
        services.mark_read(by=self.principal, page=page, at=now)
        return Response(shown)


class PageFeedback(ApiView):
    access = Right.READ_CONTENT

    @extend_schema(request=FeedbackSerializer, responses=GivenFeedbackSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Says whether the page helped. A later answer replaces the earlier one."""
        page = reading.page_by_id(self.principal, pk)
        sent = FeedbackSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = services.give_feedback(by=self.principal, page=page, at=timezone.now(), **sent.validated_data)
        return Response(GivenFeedbackSerializer(given).data)


class PageAcknowledge(ApiView):
    access = Right.READ_CONTENT

    @extend_schema(request=None, responses=AcknowledgedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Confirms having read the present version. Twice is once."""
        page = reading.page_by_id(self.principal, pk)
        made = services.acknowledge(by=self.principal, page=page, at=timezone.now())
        return Response(AcknowledgedSerializer(made).data)


class Preview(ApiView):
    """A draft for a headless front end. The token is the right: an editor got it a few minutes ago."""

    access = Open.ANYONE

    @extend_schema(responses=PageSerializer)
    def get(self, request: Request, token: str) -> Response:
        page, editor = services.open_preview(token=token, at=timezone.now())
        answer = Response(PageSerializer(reading.read_draft(editor, page)).data)
        answer["Cache-Control"] = "private, no-store"
        return answer


class FileView(ApiView):
    """Files of pages, by session or token. Asks for no format: a picture is a picture whatever `Accept` says."""

    access = Right.READ_CONTENT
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)


class ImageFile(FileView):
    def get(self, request: Request, pk: int) -> FileResponse:
        visible = PortalImage.objects.visible_to(self.principal).order_by().values("pk")
        rendition = PortalRendition.objects.filter(pk=pk, image__in=visible).first()
        return send(rendition, inline=True, max_age=PICTURES_STAY)


class DocumentFile(FileView):
    def get(self, request: Request, pk: int) -> FileResponse:
        document = PortalDocument.objects.visible_to(self.principal).filter(pk=pk).first()
        kind = document.content_type if document else ""
        return send(
            document, filename=document.filename if document else None, content_type=kind, inline=kind in SHOWN_IN_PLACE
        )


def send(kept: PortalRendition | PortalDocument | None, **how: Any) -> FileResponse:
    """The file of a row that came through `visible_to`. Raises Missing without a row, or when the file has gone."""
    try:
        if kept is None:
            raise FileNotFoundError
        return stream(kept.file.open("rb"), **how)
    except FileNotFoundError:
        raise Missing(_("There is nothing here.")) from None
