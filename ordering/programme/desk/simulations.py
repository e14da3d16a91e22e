"""Simulations of drafts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import AdminDateInput

from accounts.admin import DeskViewSet, ServedCreateView
from accounts.enums import Right
from accounts.principals import Principal
from ordering.sales.periods import add_months, month_of
from portal.lib.clock import business_date

from .. import services
from ..models import ProgrammeDraft, Simulation
from . import READERS


class SimulationForm(WagtailAdminModelForm):
    """A new simulation is asked for; one that is asked for can only be stopped."""

    stop = forms.BooleanField(label=_("stop it"))

    class Meta:
        model = Simulation
        fields: ClassVar = ["draft", "first_month", "last_month", "region"]
        widgets: ClassVar = {"first_month": AdminDateInput, "last_month": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields if self.instance.pk else ["stop"]:
            del self.fields[name]


class SimulationCreateView(ServedCreateView):
    """`?draft=`: the form begins with a draft, over the last twelve months that are over."""

    def get_initial_form_instance(self) -> Simulation:
        asked, this_month = self.request.GET.get("draft", ""), month_of(business_date())
        draft = ProgrammeDraft.objects.filter(pk=asked).first() if asked.isdecimal() else None
        return Simulation(draft=draft, first_month=add_months(this_month, -12), last_month=add_months(this_month, -1))


def result_link(simulation: Simulation) -> str:
    """The file of each dealer's gain and loss, once it is there."""
    if not simulation.job.result:
        return simulation.job.error or "–"
    return format_html(
        '<a href="{}">{}</a>', reverse("programme:simulation_result", args=[simulation.pk]), _("Each dealer, XLSX")
    )


class SimulationViewSet(DeskViewSet):
    """Adding asks for a simulation, which a worker runs; editing stops it."""

    model = Simulation
    add_view_class = SimulationCreateView
    icon = "cogs"
    menu_label = _("Simulations")
    add_item_label = _("Simulate a draft")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    list_select_related = ("draft", "job", "region")
    list_display = [
        "__str__",
        "region",
        Column("state", label=_("State"), accessor=lambda one: one.job.get_state_display()),
        Column("percent", label=_("Done, %"), accessor=lambda one: one.job.percent),
        Column("cost_now", label=_("Costs now"), accessor=lambda one: one.job.report.get("cost_now", "–")),
        Column("cost_draft", label=_("Costs by the draft"), accessor=lambda one: one.job.report.get("cost_draft", "–")),
        Column("gain", label=_("Dealers who gain"), accessor=lambda one: one.job.report.get("gain", "–")),
        Column("lose", label=_("Dealers who lose"), accessor=lambda one: one.job.report.get("lose", "–")),
        Column("result", label=_("Result"), accessor=result_link),
    ]
    list_export = ["draft", "first_month", "last_month", "region", "job.state", "job.report"]
    export_filename = "simulations"

    def get_form_class(self, for_update: bool = False) -> type[SimulationForm]:
        return SimulationForm

    def save(self, form: Any, by: Principal) -> Any:
        if form.instance.pk:
            return services.cancel_simulation(simulation=form.instance, by=by)
        return services.ask_simulation(simulation=form.instance, by=by)
