"""The inbox of questions that search answers badly, in the Wagtail admin: figures, one-click remedies, what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import PortalRequest
from accounts.enums import Right
from accounts.principals import Principal
from portal.lib.errors import DomainError, NotAllowed
from search import figures
from search.figures import Trouble
from search.wording import normalised

from .. import inbox, services
from ..models import Remedy
from .forms import DismissForm, GuideForm, PhrasesForm, PinForm, text_of

PERIODS = (7, 30, 90)
TABS: dict[str, Promise] = {
    Trouble.ABSENT: gettext_lazy("Nothing exists"),
    Trouble.HIDDEN: gettext_lazy("Nothing they may see"),
    Trouble.UNOPENED: gettext_lazy("Nobody opened anything"),
    Trouble.LOW: gettext_lazy("Found far down"),
}
TOP, DONE = "top", "done"
OTHERS: dict[str, Promise] = {TOP: gettext_lazy("Asked most"), DONE: gettext_lazy("What was done")}
HOME = "content_searched_in_vain"


def may_read(principal: Principal) -> bool:
    """Editors, and those who read figures."""
    return principal.may(Right.EDIT_CONTENT) or principal.may(Right.READ_FIGURES)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the report is looked at. What an address says wrongly is left out."""

    tab: str = Trouble.ABSENT
    days: int = 30
    language: str = ""

    @classmethod
    def of(cls, request: PortalRequest) -> Asked:
        tab, days = request.GET.get("tab", ""), request.GET.get("days", "")
        language = request.GET.get("language", "")
        return cls(
            tab=tab if tab in {*TABS, *OTHERS} else str(Trouble.ABSENT),
            days=int(days) if days in {str(n) for n in PERIODS} else 30,
            language=language if language in {"ru", "en"} else "",
        )

    def address(self, **other: Any) -> str:
        return "?" + urlencode({"tab": self.tab, "days": self.days, "language": self.language} | other)


def searched_in_vain(request: PortalRequest) -> HttpResponse:
    """The report. Whoever reads figures looks; editors act."""
    if not may_read(request.principal):
        raise NotAllowed(_("This report is for editors and those who read figures."))
    asked = Asked.of(request)
    until = timezone.localdate()
    period: dict[str, Any] = {
        "since": until - dt.timedelta(days=asked.days - 1),
        "until": until,
        "language": asked.language,
    }
    items: list[Any] = []
    if asked.tab in TABS:
        items = inbox.inbox(Trouble(asked.tab), **period)
    elif asked.tab == TOP:
        items = [inbox.Item(figure) for figure in figures.top(**period, limit=inbox.MOST)]
    context = {
        "asked": asked,
        "tabs": [(name, words, asked.address(tab=name)) for name, words in (TABS | OTHERS).items()],
        "periods": [(days, asked.address(days=days)) for days in PERIODS],
        "languages": [(code, asked.address(language=code)) for code in ("", "ru", "en")],
        "overall": figures.overall(**period),
        "items": items,
        "remedies": inbox.remedies_made() if asked.tab == DONE else [],
        "may_edit": request.principal.may(Right.EDIT_CONTENT),
        "breadcrumbs_items": crumbs(),
        "header_title": _("Searched in vain"),
        "header_icon": "search",
    }
    return render(request, "content/desk/vain.html", context)


def crumbs(title: str = "") -> list[dict[str, str]]:
    trail = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    trail.append({"url": reverse(HOME) if title else "", "label": _("Searched in vain")})
    return [*trail, {"url": "", "label": title}] if title else trail


Act = Callable[[Principal, str, dict[str, Any]], Remedy]


@dataclass(frozen=True, slots=True)
class Screen:
    """One remedy's form: what it is called, what it says, and the service behind it."""

    title: Promise
    button: Promise
    form: type[forms.Form]
    act: Act
    done: Promise
    previews: bool = False


def _synonym(by: Principal, text: str, words: dict[str, Any]) -> Remedy:
    return services.add_synonym(by=by, text=text, at=timezone.now(), **words)


def _pin(by: Principal, text: str, words: dict[str, Any]) -> Remedy:
    return services.pin(by=by, text=text, at=timezone.now(), **words)


def _guide(by: Principal, text: str, words: dict[str, Any]) -> Remedy:
    return services.draft_guide(by=by, text=text, at=timezone.now(), **words)


def _dismiss(by: Principal, text: str, words: dict[str, Any]) -> Remedy:
    return services.dismiss(by=by, text=text, at=timezone.now(), **words)


SCREENS: dict[str, Screen] = {
    "synonym": Screen(
        gettext_lazy("Make a synonym"), gettext_lazy("Save the synonym"), PhrasesForm, _synonym,
        gettext_lazy("Saved. The next question obeys it."), previews=True,
    ),
    "pin": Screen(
        gettext_lazy("Pin an answer"), gettext_lazy("Pin"), PinForm, _pin,
        gettext_lazy("Pinned. It stands first for whoever may see it."),
    ),
    "guide": Screen(
        gettext_lazy("Draft a guide"), gettext_lazy("Make the draft"), GuideForm, _guide,
        gettext_lazy("The draft is made. Nobody reads it before you publish it."),
    ),
    "dismiss": Screen(
        gettext_lazy("Dismiss"), gettext_lazy("Dismiss"), DismissForm, _dismiss,
        gettext_lazy("Taken off the list."),
    ),
}  # fmt: skip


def remedy(request: PortalRequest, kind: str) -> HttpResponse:
    """The form of one remedy, filled with the question; its button does it. `preview` looks at a synonym first."""
    request.principal.require(Right.EDIT_CONTENT)
    screen, text = SCREENS[kind], text_of(request)
    sent = request.method == "POST"
    form = screen.form(request.POST if sent else None, initial={"phrases": [text]})
    effects = None
    if sent and form.is_valid():
        try:
            if screen.previews and "preview" in request.POST:
                effects = inbox.preview(request.principal, services.checked_synonyms(**form.cleaned_data))
            else:
                made = screen.act(request.principal, text, form.cleaned_data)
                messages.success(request, str(screen.done))
                return redirect(where_next(made))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    context = {
        "screen": screen,
        "form": form,
        "media": form.media,
        "text": text,
        "spelled": normalised(text),
        "effects": effects,
        "breadcrumbs_items": crumbs(str(screen.title)),
        "header_title": screen.title,
        "header_icon": "search",
    }
    return render(request, "content/desk/remedy.html", context)


def where_next(made: Remedy) -> str:
    """To the draft, to write it; else back to the list."""
    return reverse("wagtailadmin_pages:edit", args=[made.page_id]) if made.page_id else reverse(HOME)


@require_POST
def undo(request: PortalRequest, pk: int) -> HttpResponse:
    """Takes a remedy back."""
    try:
        services.undo(by=request.principal, remedy_id=pk, at=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Undone. The question is back on the list."))
    return redirect(f"{reverse(HOME)}?tab={DONE}")
