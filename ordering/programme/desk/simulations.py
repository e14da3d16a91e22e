"""Simulations of drafts: asked for, followed, stopped, and what came of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets import AdminDateInput, Button

from accounts.admin import DeskViewSet, ServedCreateView
from accounts.enums import Right
from accounts.principals import Principal
from ordering.sales.periods import add_months, month_of
from portal.jobs.models import JobState
from portal.lib.clock import business_date
from portal.lib.formats import money, number
from portal.lib.formats import percent as percent_text

from .. import services
from ..models import ProgrammeDraft, Simulation
from . import READERS
from .programmes import NO_BREAK

GOES_ON = (JobState.QUEUED, JobState.RUNNING)


def described(draft: ProgrammeDraft) -> str:
    """Which draft it is: several of one name are usual, of one programme with other thresholds."""
    scope = (draft.currency, draft.region, draft.brand)
    return " · ".join([str(draft), *(str(part) for part in scope if part), f"#{draft.pk}"])


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
        if "draft" in self.fields:
            self.fields["draft"].queryset = ProgrammeDraft.objects.select_related("region", "brand")
            self.fields["draft"].label_from_instance = described


class SimulationCreateView(ServedCreateView):
    """`?draft=`: the form begins with a draft, over the last twelve months that are over."""

    submit_button_label = _("Simulate")

    def get_initial_form_instance(self) -> Simulation:
        asked, this_month = self.request.GET.get("draft", ""), month_of(business_date())
        draft = ProgrammeDraft.objects.filter(pk=asked).first() if asked.isdecimal() else None
        return Simulation(draft=draft, first_month=add_months(this_month, -12), last_month=add_months(this_month, -1))

    def get_success_message(self, instance: Simulation) -> str:
        return gettext("Asked for. A worker takes it within a minute; its figures will stand here.")

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_success_url(self) -> str:
        return reverse("simulation:inspect", args=[self.object.pk])


def amount_of(simulation: Simulation, *names: str) -> Decimal | None:
    """The sum of figures of the report; None until there are any."""
    report = simulation.job.report
    said = [Decimal(report[name]) for name in names if name in report]
    return sum(said, Decimal(0)) if said else None


def costs(simulation: Simulation, side: str) -> Decimal | None:
    """Discounts and premiums together, `side` now or draft."""
    return amount_of(simulation, f"cost_{side}", f"premium_{side}")


def months_of(simulation: Simulation) -> str:
    return f"{simulation.first_month:%m.%Y}{NO_BREAK}–{NO_BREAK}{simulation.last_month:%m.%Y}"


def asked_of(simulation: Simulation) -> str:
    """The months, and the region where one narrows them."""
    months = months_of(simulation)
    return f"{months}, {simulation.region}" if simulation.region else months


def gain_and_lose(simulation: Simulation) -> str:
    report = simulation.job.report
    return f"{number(report['gain'])} / {number(report['lose'])}" if report else "–"


def state_of(simulation: Simulation) -> str:
    """In words; how far it is while it runs, why it failed."""
    job = simulation.job
    state = job.get_state_display()
    if job.state == JobState.RUNNING:
        return f"{state}, {percent_text(job.percent)}"
    return f"{state}: {job.error}" if job.error else str(state)


def result_link(simulation: Simulation) -> str:
    """The file of each dealer's gain and loss, once it is there."""
    if not simulation.job.result:
        return "–"
    return format_html(
        '<a href="{}">{}</a>', reverse("programme:simulation_result", args=[simulation.pk]), _("Each dealer, XLSX")
    )


class SimulationResult(InspectView):
    """The figures of one simulation, the workbook, and how to stop it while it goes on."""

    def get_page_title(self) -> str:
        return gettext("Simulation")

    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = [Button(_("Open the draft"), url=self._draft(), icon_name="draft", priority=5)]
        if self.object.job.state in GOES_ON and (edit_url := self.get_edit_url()):
            buttons.append(Button(_("Stop it"), url=edit_url, icon_name="cross", priority=10))
        return buttons

    def _draft(self) -> str:
        return reverse("programmedraft:edit", args=[self.object.draft_id])

    def get_fields_context(self) -> list[dict[str, Any]]:
        said = [*self._asked(), *(self._came() if self.object.job.report else ())]
        return [{"label": label, "value": value, "component": None} for label, value in said]

    def _asked(self) -> list[tuple[Any, Any]]:
        one = self.object
        state = state_of(one)
        if one.job.state in GOES_ON:
            state = format_html('{} · <a href="">{}</a>', state, gettext("Look again"))
        return [
            (_("Draft"), format_html('<a href="{}">{}</a>', self._draft(), one.draft)),
            (_("Months"), months_of(one)),
            (_("Region"), one.region or gettext("everyone whom the draft reaches")),
            (_("State"), state),
        ]

    def _came(self) -> list[tuple[Any, Any]]:
        one, report = self.object, self.object.job.report
        moves = format_html_join(
            "", "<li>{}: {}</li>", ((move, number(many)) for move, many in report["moves"].items())
        )
        return [
            (_("Dealers"), number(report["dealers"])),
            (_("Volume"), self._money(amount_of(one, "volume"))),
            (_("Discounts"), self._change("cost")),
            *([(_("Premiums"), self._change("premium"))] if "premium_now" in report else []),
            (_("Dealers who gain"), number(report["gain"])),
            (_("Dealers who lose"), number(report["lose"])),
            (_("Who changes tier"), format_html("<ul>{}</ul>", moves) if report["moves"] else gettext("nobody")),
            (_("Result"), result_link(one)),
        ]

    def _money(self, amount: Decimal | None, *, signed: bool = False) -> str:
        return money(amount, self.object.draft.currency, short=True, signed=signed)

    def _change(self, what: str) -> str:
        now, then = (amount_of(self.object, f"{what}_{side}") or Decimal(0) for side in ("now", "draft"))
        words = gettext("%(now)s now, %(then)s by the draft (%(change)s)")
        return words % {
            "now": self._money(now),
            "then": self._money(then),
            "change": self._money(then - now, signed=True),
        }


class SimulationViewSet(DeskViewSet):
    """Adding asks for a simulation, which a worker runs; editing stops it."""

    model = Simulation
    add_view_class = SimulationCreateView
    inspect_view_class = SimulationResult
    inspect_view_enabled = True
    icon = "cogs"
    menu_label = _("Simulations")
    add_item_label = _("Simulate a draft")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    list_select_related = ("draft", "job", "region")
    list_display = [
        TitleColumn(
            "draft", label=_("Draft"), get_url=lambda one: reverse("simulation:inspect", args=[one.pk]),
            accessor=lambda one: str(one.draft),
        ),
        Column("asked", label=_("Months"), accessor=asked_of),
        Column("state", label=_("State"), accessor=state_of),
        Column("now", label=_("Costs now"), accessor=lambda one: money(costs(one, "now"), one.draft.currency, short=True)),
        Column(
            "then", label=_("Costs by the draft"),
            accessor=lambda one: money(costs(one, "draft"), one.draft.currency, short=True),
        ),
        Column("gain", label=_("Gain / lose"), accessor=gain_and_lose),
    ]  # fmt: skip
    list_filter = ["draft", "region"]
    list_export = ["draft", "first_month", "last_month", "region", "job.state", "job.report"]
    export_filename = "simulations"

    def get_form_class(self, for_update: bool = False) -> type[SimulationForm]:
        return SimulationForm

    def save(self, form: Any, by: Principal) -> Any:
        if form.instance.pk:
            return services.cancel_simulation(simulation=form.instance, by=by)
        return services.ask_simulation(simulation=form.instance, by=by)
