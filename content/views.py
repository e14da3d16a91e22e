"""The knowledge as a signed-in reader sees it, previews of drafts, and the door of the Wagtail admin."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PortalRequest, page
from accounts.enums import Open, Right
from accounts.models import User
from accounts.principals import Principal
from portal.lib.errors import Missing, NotAllowed
from portal.lib.paging import page_of

from . import queries, reading, services
from .enums import Reason, Topic
from .models import HomePage, PortalPage, SectionPage
from .models.pages import AS_READER, HEADLESS

NEWS_ON_FIRST_PAGE = 6


@page(Right.READ_CONTENT)
@require_GET
def knowledge(request: PortalRequest) -> HttpResponse:
    """What must be read, what people come to do, news, what changed."""
    principal = request.principal
    topic = request.GET.get("topic", "")
    topic = topic if topic in Topic.values else ""
    topics = [
        (_("All"), "?", not topic),
        *[(label, f"?topic={value}", value == topic) for value, label in Topic.choices],
    ]
    shown = {
        "must_read": queries.unread_mandatory(principal),
        "tasks": queries.tasks(principal),
        "news": queries.latest_news(principal, NEWS_ON_FIRST_PAGE, topic=topic),
        "topics": topics,
        "sections": queries.sections(principal),
        "changed": queries.recently_changed(principal, 5),
    }
    return render(request, "content/knowledge.html", shown)


@page(Right.READ_CONTENT)
@require_GET
def page_at(request: PortalRequest, path: str) -> HttpResponse:
    """A page in the reader's language where there is one; the address of the other language leads there."""
    principal = request.principal
    here = reading.page_at(principal, path)
    if here.language != principal.language:
        for other in reading.translations(principal, here):
            if other.language == principal.language:
                return redirect(other.address)
    if isinstance(here, HomePage):
        return redirect("content:knowledge")
    if isinstance(here, SectionPage):
        return section(request, here)
    now = timezone.now()
    shown = reading.read(principal, here, now)
    services.mark_read(by=principal, page=here, at=now)
    return render(request, "content/guide.html", frame_of(principal, shown))


def section(request: PortalRequest, here: SectionPage) -> HttpResponse:
    """A shelf with what stands on it."""
    rows = page_of(queries.children(request.principal, here), request.GET.get("page"))
    above = reading.crumbs(request.principal, here)
    return render(request, "content/section.html", {"section": here, "rows": rows, "crumbs": crumbs_of(above)})


def crumbs_of(above: Any) -> list[tuple[str, str | None]]:
    """The way down to a page; the first page of the language is the knowledge itself."""
    return [
        (_("Knowledge"), reverse("content:knowledge")),
        *[(step.title, step.address) for step in above if step.depth > 2],
    ]


def frame_of(principal: Principal, shown: reading.Reading) -> dict[str, Any]:
    """What the page of a guide or of news is drawn from."""
    return {
        "reading": shown,
        "crumbs": crumbs_of(shown.crumbs),
        "reasons": Reason.choices,
        "foreign": shown.page.language != principal.language,
        "edits": principal.may(Right.EDIT_CONTENT),
    }


@page(Right.READ_CONTENT)
@require_POST
def acknowledge(request: PortalRequest, pk: int) -> HttpResponse:
    here = reading.page_by_id(request.principal, pk)
    if request.POST.get("confirmed"):
        services.acknowledge(by=request.principal, page=here, at=timezone.now())
        messages.success(request, _("Marked as read."))
    else:
        messages.warning(request, _("Tick the box above the button first: it says what you confirm."))
    return redirect(here.address)


@page(Right.READ_CONTENT)
@require_POST
def feedback(request: PortalRequest, pk: int) -> HttpResponse:
    here = reading.page_by_id(request.principal, pk)
    answer = {"reason": request.POST.get("reason", ""), "text": request.POST.get("text", "")}
    helpful = request.POST.get("helpful") == "yes"
    services.give_feedback(by=request.principal, page=here, helpful=helpful, at=timezone.now(), **answer)
    return redirect(f"{here.address}#helpful")


def preview(here: PortalPage, request: PortalRequest, mode_name: str) -> HttpResponseBase:
    """A draft as `draft` draws it, which the editor may show in a frame beside the form. Bound as `PortalPage.serve_preview`."""
    framed = csp_replace({"frame-ancestors": [SELF]})
    return framed(lambda _request: draft(here, request, mode_name))(request)


def draft(here: PortalPage, request: PortalRequest, mode_name: str) -> HttpResponse:
    """A draft, for its editor: on the portal, as a role it is for, or at the headless front end with a token."""
    request.principal.require(Right.EDIT_CONTENT)
    if mode_name == HEADLESS:
        token = services.keep_preview(by=request.principal, page=here, at=timezone.now())
        return redirect(f"{settings.HEADLESS_PREVIEW_URL}?{urlencode({'token': token})}")
    seat = mode_name.removeprefix(AS_READER)
    shown = reading.read_draft(
        reading.stand_in(int(seat)) if seat.isascii() and seat.isdecimal() and len(seat) < 10 else request.principal,
        here,
    )
    if isinstance(here, SectionPage | HomePage):
        return render(request, "content/section.html", {"section": here, "rows": page_of([], 1), "preview": True})
    return render(
        request, "content/guide.html", {**frame_of(request.principal, shown), "preview": True, "foreign": False}
    )


@page(Open.SIGNED_IN)
def to_profile(request: PortalRequest) -> HttpResponse:
    return redirect("accounts:profile")


@page(Open.SIGNED_IN)
def closed(request: PortalRequest, pk: int = 0) -> HttpResponse:
    """Screens of Wagtail's that do not apply: its privacy, for one, for a page has an audience."""
    raise Missing(_("There is nothing here."))


def head_office_door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lets head-office people into the admin, each with the Wagtail group of their present role.

    What a form there does is one transaction, with the marks it leaves for search.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        principal: Principal = request.principal  # type: ignore[attr-defined]
        if principal.is_anonymous:
            return redirect_to_login(request.get_full_path())
        if not principal.is_head_office:
            raise NotAllowed(_("This part is for the head office."))
        services.admit_to_admin(cast(User, request.user))
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    guarded.access = Open.SIGNED_IN  # type: ignore[attr-defined]
    return guarded
