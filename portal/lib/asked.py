"""What API requests say, read without trust; and the parameters that many of them share."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from .errors import Invalid

IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, "header", description="the same key and body again: the same answer, and nothing done twice"
)
PAGING: Final = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]


def body_of(request: Request, shape: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
    """The body in this shape. Raises ValidationError naming the fields."""
    body = shape(data=request.data, partial=partial)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def by_code(model: type[Any], code: str | None, field: str) -> Any:
    """The thing with this code; None where none is asked for. Raises Invalid, naming the field, where there is none."""
    if not code:
        return None
    found = model._default_manager.filter(code=code).first()  # noqa: SLF001
    if found is None:
        raise Invalid(_("There is none with the code “%(code)s”.") % {"code": code}, field=field)
    return found
