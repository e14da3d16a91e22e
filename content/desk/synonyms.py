"""Synonyms in the Wagtail admin: the list, a form that shows what it would change, an import, and who changed what."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from accounts.access import PortalRequest
from accounts.admin import DeskViewSet, ServedCreateView, ServedEditView
from accounts.enums import Right
from accounts.models import AuditEvent
from accounts.principals import Principal, of_request
from portal.lib.errors import DomainError, Invalid
from search import starters
from search.models import SynonymGroup

from .. import inbox, services
from .forms import ImportForm, SynonymGroupForm

MOST_GROUPS = 5_000
HISTORY = 200  # changes shown


class Previewed:
    """A form whose second button shows what saving would change, and saves nothing."""

    request: Any
    template_name = "content/desk/synonyms.html"

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.object = self.get_object() if isinstance(self, ServedEditView) else None
        form = self.get_form()  # type: ignore[attr-defined]
        effects = None
        if form.is_valid():
            group_id = form.instance.pk
            words = {name: form.cleaned_data[name] for name in ("phrases", "replacements")}
            try:
                rule = services.checked_synonyms(**words, group_id=group_id)
                effects = inbox.preview(of_request(request), rule, group_id=group_id)
            except DomainError as error:
                form.add_error(None, str(error))
        context = self.get_context_data(form=form)  # type: ignore[attr-defined]
        return self.render_to_response(context | {"effects": effects})  # type: ignore[attr-defined]


class AddView(Previewed, ServedCreateView):
    pass


class EditView(Previewed, ServedEditView):
    pass


class SynonymIndex(IndexView):
    """The list, searched by any word of a group."""

    def search_queryset(self, queryset: Any) -> Any:
        if not self.search_query:
            return queryset
        words = self.search_query.casefold()
        return queryset.filter(pk__in=[group.pk for group in queryset if words in str(group).casefold()])

    @property
    def is_searchable(self) -> bool:
        return True

    def get_header_more_buttons(self) -> list[Any]:
        buttons = [*super().get_header_more_buttons()]
        if of_request(self.request).may(Right.EDIT_CONTENT):
            ready = reverse("content_synonyms_starters")
            buttons.append(HeaderButton(_("Begin with a ready list"), url=ready, icon_name="list-ul"))
            buttons.append(HeaderButton(_("Import a list"), url=reverse("content_synonyms_import"), icon_name="upload"))
        buttons.append(
            HeaderButton(_("Who changed what"), url=reverse("content_synonyms_history"), icon_name="history")
        )
        return buttons


class SynonymViewSet(DeskViewSet):
    """Groups of phrases that mean the same to this trade."""

    model = SynonymGroup
    icon = "resubmit"
    menu_label = gettext_lazy("Synonyms")
    menu_order = 260
    add_to_admin_menu = True
    read, write, actions = (Right.READ_FIGURES,), (Right.EDIT_CONTENT,), ("add", "change", "delete")
    index_view_class = SynonymIndex
    add_view_class, edit_view_class = AddView, EditView
    list_display = [
        Column("__str__", label=gettext_lazy("Phrases")),
        DateColumn("changed_at", label=gettext_lazy("changed"), sort_key="changed_at"),
    ]
    list_export = ["phrases", "replacements", "changed_at"]
    export_filename = "synonyms"

    def get_form_class(self, for_update: bool = False) -> type[SynonymGroupForm]:
        return SynonymGroupForm

    def save(self, form: Any, by: Principal) -> SynonymGroup:
        words = {name: form.cleaned_data[name] for name in ("phrases", "replacements")}
        return services.save_synonyms(by=by, group_id=form.instance.pk, **words)

    def delete(self, instance: SynonymGroup, by: Principal) -> None:
        services.delete_synonyms(by=by, group_id=instance.pk)


def import_list(request: PortalRequest) -> HttpResponse:
    """A list of groups from a file: all of it, or nothing and the line that could not work."""
    request.principal.require(Right.EDIT_CONTENT)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.import_synonyms(by=request.principal, groups=groups_of(form.cleaned_data["file"].read()))
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("%(n)d groups are kept. The next question obeys them.") % {"n": len(made)})
            return redirect("synonyms:index")
    return render(request, "content/desk/import.html", {"form": form, **_head(_("Import a list"))})


def begin_with_starters(request: PortalRequest) -> HttpResponse:
    """The groups a new portal begins with, shown, and kept with one button."""
    request.principal.require(Right.EDIT_CONTENT)
    if request.method == "POST":
        count = services.begin_with_starters(by=request.principal)
        messages.success(request, _("%(n)d groups are kept. The next question obeys them.") % {"n": count})
        return redirect("synonyms:index")
    context = {"groups": starters.GROUPS, **_head(_("Begin with a ready list"))}
    return render(request, "content/desk/starters.html", context)


def groups_of(file: bytes) -> list[tuple[list[str], list[str]]]:
    """(phrases, replacements) of each line of a CSV file. Raises Invalid for too many lines or none."""
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.decode("cp1251", errors="replace")
    groups = list(_groups(text.replace("\0", "")))
    if not groups:
        raise Invalid(_("There is no group in this file."), field="file")
    if len(groups) > MOST_GROUPS:
        raise Invalid(_("At most %(n)d groups. Divide the list.") % {"n": MOST_GROUPS}, field="file")
    return groups


def _groups(text: str) -> Iterator[tuple[list[str], list[str]]]:
    for line in text.splitlines():
        phrases, _arrow, others = line.partition("=>")
        if line.strip() and not line.lstrip().startswith("#"):
            separator = ";" if ";" in line else ","
            yield _cells(phrases, separator), _cells(others, separator)


def _cells(text: str, separator: str) -> list[str]:
    rows = csv.reader([text], delimiter=separator, skipinitialspace=True)
    return [cell.strip() for row in rows for cell in row if cell.strip()]


def history(request: PortalRequest) -> HttpResponse:
    """Who changed which group when, and how it read before; deleted groups too. From the audit, which nobody edits."""
    if not (request.principal.may(Right.EDIT_CONTENT) or request.principal.may(Right.READ_FIGURES)):
        request.principal.require(Right.READ_FIGURES)
    events = AuditEvent.objects.filter(verb__in=["synonyms.saved", "synonyms.deleted"]).select_related("actor")
    context = {"events": events.order_by("-at")[:HISTORY], **_head(_("Who changed what"))}
    return render(request, "content/desk/history.html", context)


def _head(title: str) -> dict[str, Any]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("synonyms:index"), "label": _("Synonyms")},
        {"url": "", "label": title},
    ]
    return {"breadcrumbs_items": trail, "header_title": title, "header_icon": "resubmit"}
