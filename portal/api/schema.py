"""The API's description of itself, and a page to try it on. Both are open: they say what is there, not what it holds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.enums import Open


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1, as YAML or JSON."""

    access = Open.ANYONE


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own static files."""

    access = Open.ANYONE
    url_name = "api:schema"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Token …`, as `POST auth/token/` gives it."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token …"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session of the portal's own pages."""

    target_class = "accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
