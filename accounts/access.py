"""Every route declares who may open it: `@page(...)` on pages, `access = ...` on API views; `tests/test_house.py` asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import idempotency, principals
from .enums import Open, Right
from .principals import Principal

Access = Right | Open
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class PortalRequest(HttpRequest):
    """A request after `accounts.middleware`: for annotations only."""

    principal: Principal


class ApiRequest(Request):
    """A DRF request after authentication: for annotations only."""

    principal: Principal


def page(access: Access, *, any_dealer: bool = False) -> Callable[[View], View]:
    """Declares who may open a page.

    A stranger is sent to the sign-in and back; a person without the right gets the page that says so (403).
    `any_dealer`: the form means the same whatever dealer the person acts for (sign-out, language), so a tab of
    another may send it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if access is not Open.ANYONE and request.principal.is_anonymous:
                return redirect_to_login(request.get_full_path())
            if isinstance(access, Right):
                request.principal.require(access)
            response = view(request, *args, **kwargs)
            if not request.principal.is_anonymous and not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_cache=True)
            return response

        guarded.access = access  # type: ignore[attr-defined]
        guarded.any_dealer = any_dealer  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


class ApiView(APIView):
    """An API view that declares `access` and honours `Idempotency-Key` on unsafe calls.

    `access` is a Right, an Open, or a mapping of HTTP method to one of them ("*" for the rest).
    """

    access: Access | Mapping[str, Access]
    idempotent = True
    request: ApiRequest

    @property
    def principal(self) -> Principal:
        return principals.of_request(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key", "")
        if request.method in SAFE or not key or not self.idempotent or self.principal.is_anonymous:
            return
        handler = getattr(self, (request.method or "").lower(), self.http_method_not_allowed)
        setattr(self, (request.method or "").lower(), self._once(handler, key))

    def _once(self, handler: Callable[..., Response], key: str) -> Callable[..., Response]:
        """The handler inside the transaction of its key: the same key again gives the kept answer, and no effect."""

        def call(request: Request, *args: Any, **kwargs: Any) -> Response:
            endpoint = f"{request.method} {request.path}"
            body = body_hash(request, endpoint)
            with idempotency.once(by=self.principal, key=key, endpoint=endpoint[:120], body_hash=body) as attempt:
                if attempt.result is not None:
                    answer = Response(attempt.result["data"], status=attempt.result["status"])
                    answer["Idempotent-Replay"] = "true"
                    return answer
                response = handler(request, *args, **kwargs)
                attempt.keep({"status": response.status_code, "data": response.data})
                return response

        return call


def body_hash(request: Request, endpoint: str) -> str:
    """What a key is bound to: the address and the fields, in any order, and the files of a form."""
    digest = hashlib.sha256(endpoint.encode())
    fields = request.data
    if isinstance(fields, QueryDict):
        fields = {name: values for name, values in fields.lists() if name not in request.FILES}
    try:
        digest.update(json.dumps(fields, sort_keys=True, default=str).encode())
    except RecursionError as error:
        raise ParseError("JSON parse error - nested too deeply.") from error
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(f"{name} {file.name}".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
