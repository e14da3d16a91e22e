"""The screens of one version: a file imported, with a preview; a draft published from a day; a version to come taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic.models import InspectView
from wagtail.admin.widgets import AdminDateInput

from accounts.admin import ServedCreateView, ServedEditView
from accounts.principals import Principal
from portal.lib.clock import business_date
from portal.lib.errors import DomainError
from portal.lib.formats import day

from ..enums import DealState
from ..errors import PriceFileRefused
from ..models import PriceListVersion
from ..price_files import read_price_file
from ..queries import version_changes
from ..services import ImportReport, import_prices
from .asked import number, version_of

NAMED = 10  # rows that were left out


class NothingNew(PriceFileRefused):
    code = "nothing_new"


class VersionForm(WagtailAdminModelForm):  # type: ignore[misc]  # Wagtail has no types
    """A new version is made of a file; a draft is published from a day; one to come is taken back; no other changes."""

    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "CSV, XLSX or JSON lines with columns for the SKU, the price and, if there are breaks, the quantity"
        ),
    )
    minor_units = forms.BooleanField(label=_("prices are in kopecks or cents"), required=False)
    valid_from = forms.DateField(label=_("valid from"), widget=AdminDateInput, initial=business_date)
    publish = forms.BooleanField(
        label=_("publish"),
        required=False,
        help_text=_("at once; else a draft is kept, which shows what it changes before it is published"),
    )
    withdraw = forms.BooleanField(
        label=_("yes, take it back"), help_text=_("it never holds; the version before it holds on")
    )
    report: ImportReport | None = None  # of the file that was imported

    class Meta:
        model = PriceListVersion
        fields: ClassVar = ["price_list"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ["price_list", "file", "minor_units", "valid_from", "publish"]
        if self.instance.pk:
            state = self.instance.state_on(business_date())
            names = {DealState.DRAFT: ["valid_from"], DealState.COMING: ["withdraw"]}.get(state, [])
        for name in set(self.fields) - set(names):
            del self.fields[name]


def imported(form: VersionForm, by: Principal) -> PriceListVersion:
    """The version made of an uploaded file. Raises NothingNew when the list says all of it already."""
    asked = form.cleaned_data
    file, price_list = asked["file"], asked["price_list"]
    rows = read_price_file(file.file, name=file.name, currency=price_list.currency, minor_units=asked["minor_units"])
    try:
        report = import_prices(
            rows=rows,
            price_list=price_list,
            valid_from=asked["valid_from"],
            source=file.name,
            by=by,
            publish=asked["publish"],
        )
    except DomainError as error:
        error.field = "file"
        raise
    if report.version is None:
        raise NothingNew(gettext("The list says all of this already. No version was made."), field="file")
    form.report = report
    return report.version


class VersionImport(ServedCreateView):
    """A file becomes a version, and the next page shows what it changes."""

    page_title = _("Import a price file")
    page_subtitle = page_title
    submit_button_label = _("Import")
    submit_button_active_label = _("Importing …")
    template_name = "pricing/desk/import.html"
    error_message = _("Nothing was imported. Look at what is marked.")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items()[:-1], {"url": "", "label": self.page_title}]

    def get_success_url(self) -> str:
        # The day that was asked for is the day that publishing is offered from.
        return f"{self.get_edit_url()}?valid_from={self.form.cleaned_data['valid_from']}"

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_success_message(self, instance: PriceListVersion) -> str:
        report = self.form.report
        if report.unknown_count:
            messages.warning(self.request, left_out(report))
        said = {"rows": report.rows, "changed": report.changed, "file": instance.source}
        text = ngettext(
            "%(file)s is read: %(rows)d rows, %(changed)d article with other prices.",
            "%(file)s is read: %(rows)d rows, %(changed)d articles with other prices.",
            report.changed,
        )
        return f"{text % said} {happened(instance)}"


def left_out(report: ImportReport) -> str:
    """The rows whose SKUs the catalogue does not know."""
    text = ngettext(
        "%(n)d row is left out, the catalogue does not know its SKU: %(rows)s.",
        "%(n)d rows are left out, the catalogue does not know their SKUs: %(rows)s.",
        report.unknown_count,
    )
    rows = ", ".join(gettext("%(sku)s (row %(row)d)") % {"row": row, "sku": sku} for row, sku in report.unknown[:NAMED])
    return text % {"n": report.unknown_count, "rows": rows + (" …" if report.unknown_count > NAMED else "")}


def happened(version: PriceListVersion) -> str:
    """What became of a version just now."""
    said = {"number": version.number, "day": day(version.since)}
    if not version.published_at:
        return gettext("Draft %(number)d is kept: look at what it changes, and publish it.") % said
    if version.since is None:
        return gettext("Version %(number)d is taken back: what held before it holds on.") % said
    if version.since > business_date():
        return (
            gettext("Version %(number)d is published and holds from %(day)s. Until then it can be taken back.") % said
        )
    return gettext("Version %(number)d is published and holds since %(day)s.") % said


class VersionEdit(ServedEditView):
    """A draft with what it would change, to be published; a version to come, to be taken back; any other only shows."""

    template_name = "pricing/desk/version.html"
    error_message = _("Nothing has changed. Look at what is marked.")

    def get_object(self, queryset: Any = None) -> PriceListVersion:
        """Raises DraftGone for one that was thrown away meanwhile."""
        try:
            return cast(PriceListVersion, super().get_object(queryset))
        except Http404:
            pk = number(self.object_pk)
            if not pk:
                raise
            return version_of(pk)

    @cached_property
    def valid_from(self) -> dt.date:
        """The day that is thought of: the form's, else the address's, else today."""
        asked = self.request.POST.get("valid_from") or self.request.GET.get("valid_from", "")
        try:
            return cast(dt.date, forms.DateField().clean(asked))
        except forms.ValidationError:
            return business_date()

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": self.valid_from}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "look" in request.POST:
            return redirect(f"{request.path}?valid_from={self.valid_from}")
        return cast(HttpResponse, super().post(request, *args, **kwargs))

    def get_success_url(self) -> str:
        return cast(str, self.get_edit_url())

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_success_message(self) -> str:
        return happened(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **facts_of(self.object, self.valid_from), "may_write": True}


class VersionInspect(InspectView):  # type: ignore[misc]
    """The same for whoever only reads: what the version is, and what it changes."""

    template_name = "pricing/desk/inspect.html"

    def get_object(self, queryset: Any = None) -> PriceListVersion:
        """Raises DraftGone for one that was thrown away."""
        return version_of(number(str(self.pk)) or 0)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **facts_of(self.object, business_date())}


def facts_of(version: PriceListVersion, day: dt.date) -> dict[str, Any]:
    """What the pages of a version say of it: where it stands today, and what a draft would change from the day on."""
    today = business_date()
    changes = None if version.published_at else version_changes(version, day)
    held = PriceListVersion.objects.in_force(today).filter(price_list=version.price_list_id).exclude(pk=version.pk)
    return {
        "version": version,
        "state": version.state_on(today),
        "changes": changes,
        "held": changes.before if changes else held.first(),
        "valid_from": day,
        "currency": version.price_list.currency,
        "today": today,
    }
