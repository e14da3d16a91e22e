"""The programme on the head office's desk."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib.postgres.forms import RangeWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.widgets import AdminDateInput

from accounts.admin import DayColumn, DeskViewSet
from accounts.enums import Right
from accounts.principals import Principal

from . import services
from .models import (
    AwardProposal,
    Premium,
    PremiumAccrual,
    PremiumSlice,
    Programme,
    ProgrammeDraft,
    Simulation,
    Tier,
    TierAward,
    TierException,
)

READERS = (Right.READ_FIGURES,)


class TierIndex(IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return cast("QuerySet[Any]", super().get_base_queryset().select_related("programme"))


class AwardIndex(IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return cast("QuerySet[Any]", super().get_base_queryset().select_related("dealer", "tier"))


class ProgrammeViewSet(DeskViewSet):
    model = Programme
    name = "partner_programme"  # "programme" names the dealers' pages
    icon = "pick"
    menu_label = _("Programmes")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("currency")]),
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        FieldPanel("validity", widget=RangeWidget(AdminDateInput)),
        MultiFieldPanel(
            [
                FieldPanel("measure"),
                FieldPanel("window"),
                FieldPanel("window_months"),
                FieldPanel("evaluation"),
                FieldPanel("grace_months"),
            ],
            heading=_("How tiers are decided"),
        ),
    ]
    list_display = [
        "__str__",
        "code",
        "currency",
        "validity",
        "measure",
        "window",
        "window_months",
        "evaluated_on",
    ]
    list_filter = ["currency", "measure", "window"]
    list_export = [
        "code",
        "name_ru",
        "name_en",
        "currency",
        "validity",
        "measure",
        "window",
        "window_months",
        "grace_months",
    ]
    search_fields = ["code", "name_ru", "name_en"]
    export_filename = "programmes"

    def save(self, form: Any, by: Principal) -> Programme:
        return services.save_programme(programme=form.instance, by=by)


class TierViewSet(DeskViewSet):
    model = Tier
    index_view_class = TierIndex
    icon = "order"
    menu_label = _("Tiers")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    form_fields = [
        "programme",
        "code",
        "name_ru",
        "name_en",
        "threshold",
        "discount",
        "benefits_ru",
        "benefits_en",
        "benefits_page",
    ]
    list_display = ["__str__", "programme", "code", "threshold", "discount"]
    list_filter = ["programme"]
    list_export = [
        "programme",
        "code",
        "name_ru",
        "name_en",
        "threshold",
        "discount",
        "benefits_ru",
        "benefits_en",
    ]
    search_fields = ["code", "name_ru", "name_en"]
    export_filename = "tiers"

    def save(self, form: Any, by: Principal) -> Tier:
        return services.save_tier(tier=form.instance, by=by)


class TierAwardViewSet(DeskViewSet):
    """Who holds which tier, as the programme decided. Read only: a decision is not edited."""

    model = TierAward
    index_view_class = AwardIndex
    icon = "success"
    menu_label = _("Tiers held")
    read = (*READERS, Right.MANAGE_PROGRAMME)
    form_fields = ["dealer", "tier", "validity", "volume", "reason", "note"]
    list_display = [
        "dealer",
        "tier",
        DayColumn("since", label=_("Held from")),
        DayColumn("last_day", label=_("Held until")),
        "volume",
        "reason",
    ]
    list_filter = ["tier", "reason"]
    list_export = ["dealer.code", "dealer.name", "tier.code", "since", "last_day", "volume", "reason", "note"]
    search_fields = ["dealer__code", "dealer__name"]
    export_filename = "tiers-held"
    inspect_view_enabled = True


class TierExceptionViewSet(DeskViewSet):
    model = TierException
    icon = "minus"
    menu_label = _("Exceptions")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change", "delete")
    list_select_related = ("tier", "category", "brand")
    form_fields = ["tier", "category", "brand", "discount"]
    list_display = ["tier", "category", "brand", "discount"]
    list_filter = ["tier"]
    list_export = ["tier.code", "category.code", "brand.code", "discount"]
    search_fields = ["tier__code", "category__name_ru", "category__name_en", "brand__name"]
    export_filename = "tier-exceptions"

    def save(self, form: Any, by: Principal) -> TierException:
        return services.save_exception(exception=form.instance, by=by)

    def delete(self, instance: TierException, by: Principal) -> None:
        services.delete_exception(exception=instance, by=by)


class Decision(TextChoices):
    APPROVE = "approve", _("Approve: the tier is given")
    REFUSE = "refuse", _("Refuse")


class ProposalForm(WagtailAdminModelForm):
    """A new proposal says everything; an old one is only decided on."""

    decision = forms.ChoiceField(label=_("decision"), choices=Decision.choices, widget=forms.RadioSelect)

    class Meta:
        model = AwardProposal
        fields: ClassVar = ["dealer", "tier", "validity", "reason"]
        widgets: ClassVar = {"validity": RangeWidget(AdminDateInput)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields if self.instance.pk else ["decision"]:
            del self.fields[name]


class AwardProposalViewSet(DeskViewSet):
    """Adding proposes a tier by hand; editing decides on it, which whoever proposed it may not."""

    model = AwardProposal
    icon = "thumbtack"
    menu_label = _("Proposed awards")
    add_item_label = _("Propose an award")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    list_select_related = ("dealer", "tier", "proposed_by", "decided_by")
    list_display = [
        "dealer",
        "tier",
        "validity",
        "reason",
        Column("state", label=_("State"), accessor=lambda proposal: proposal.state.label),
        "proposed_by",
        "decided_by",
    ]
    list_filter = ["tier"]
    list_export = ["dealer.code", "tier.code", "validity", "reason", "proposed_at", "decided_at"]
    search_fields = ["dealer__code", "dealer__name", "reason"]
    export_filename = "proposed-awards"
    inspect_view_enabled = True

    def get_form_class(self, for_update: bool = False) -> type[ProposalForm]:
        return ProposalForm

    def save(self, form: Any, by: Principal) -> AwardProposal:
        proposal: AwardProposal = form.instance
        if not proposal.pk:
            return services.propose_award(proposal=proposal, by=by)
        if form.cleaned_data["decision"] == Decision.APPROVE:
            services.approve_award(proposal=proposal, by=by)
            return proposal
        return services.refuse_award(proposal=proposal, by=by)


class PremiumViewSet(DeskViewSet):
    model = Premium
    icon = "plus-inverse"
    menu_label = _("Premiums")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    list_select_related = ("programme",)
    form_fields = ["programme", "name_ru", "name_en", "kind", "period"]
    list_display = ["__str__", "programme", "kind", "period", "accrued_before"]
    list_filter = ["programme"]
    list_export = ["name_ru", "name_en", "programme.code", "kind", "period", "accrued_before"]
    search_fields = ["name_ru", "name_en"]
    export_filename = "premiums"

    def save(self, form: Any, by: Principal) -> Premium:
        return services.save_premium(premium=form.instance, by=by)


class PremiumSliceViewSet(DeskViewSet):
    model = PremiumSlice
    icon = "order"
    menu_label = _("Slices of premiums")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    list_select_related = ("premium",)
    form_fields = ["premium", "threshold", "percent"]
    list_display = ["premium", "threshold", "percent"]
    list_filter = ["premium"]
    list_export = ["premium", "threshold", "percent"]
    export_filename = "premium-slices"

    def save(self, form: Any, by: Principal) -> PremiumSlice:
        return services.save_slice(slice_=form.instance, by=by)


class PremiumAccrualViewSet(DeskViewSet):
    model = PremiumAccrual
    icon = "success"
    menu_label = _("Accrued premiums")
    read = (*READERS, Right.MANAGE_PROGRAMME)
    list_select_related = ("premium", "dealer")
    form_fields = ["premium", "dealer", "period", "volume", "amount"]
    list_display = ["dealer", "premium", "period", "volume", "amount"]
    list_filter = ["premium"]
    list_export = ["dealer.code", "dealer.name", "premium", "period", "volume", "amount"]
    search_fields = ["dealer__code", "dealer__name"]
    export_filename = "accrued-premiums"
    inspect_view_enabled = True


class DraftForm(WagtailAdminModelForm):
    """A draft's terms and tiers; one that is kept already may be published from a day to come."""

    valid_from = forms.DateField(
        label=_("publish from"), required=False, widget=AdminDateInput,
        help_text=_(
            "leave empty to go on drafting; the programme that runs ends the day before, and an announcement is drafted"
            " among the news, for an editor to publish"
        ),
    )  # fmt: skip

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day and not self.instance.pk:
            raise ValidationError(gettext("Keep the draft first, and run a simulation: then publish it."))
        return day


class DraftViewSet(DeskViewSet):
    """A draft with its tiers on one form: a new one without tiers begins with those of the programme that runs."""

    model = ProgrammeDraft
    icon = "draft"
    menu_label = _("Drafts")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
            FieldRowPanel([FieldPanel("currency"), FieldPanel("measure")]),
            FieldRowPanel([FieldPanel("window"), FieldPanel("window_months")]),
            FieldRowPanel([FieldPanel("evaluation"), FieldPanel("grace_months")]),
            InlinePanel(
                "tiers",
                heading=_("Tiers"),
                label=_("tier"),
                help_text=_("A new draft without tiers begins with those of the programme that runs."),
                panels=[
                    FieldRowPanel([FieldPanel("code"), FieldPanel("threshold"), FieldPanel("discount")]),
                    FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
                ],
            ),
            FieldPanel("valid_from"),
        ],
        base_form_class=DraftForm,
    )
    list_select_related = ("published",)
    list_display = [
        "__str__",
        "currency",
        "window",
        "window_months",
        "evaluation",
        Column("published", label=_("published as"), accessor=lambda draft: draft.published or "–"),
    ]
    list_export = ["name_ru", "name_en", "currency", "window", "window_months", "evaluation", "grace_months"]
    search_fields = ["name_ru", "name_en"]
    export_filename = "programme-drafts"

    def save(self, form: Any, by: Principal) -> Any:
        form.save(commit=False)  # puts the tiers of the form into the draft; the service writes
        draft = services.save_draft(draft=form.instance, by=by)
        if valid_from := form.cleaned_data.get("valid_from"):
            services.publish_draft(draft=draft, valid_from=valid_from, by=by)
        return draft


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


class ProgrammeGroup(ModelViewSetGroup):
    menu_label = _("Programme")
    menu_icon = "pick"
    menu_order = 330
    items = (
        ProgrammeViewSet,
        TierViewSet,
        TierExceptionViewSet,
        TierAwardViewSet,
        AwardProposalViewSet,
        PremiumViewSet,
        PremiumSliceViewSet,
        PremiumAccrualViewSet,
        DraftViewSet,
        SimulationViewSet,
    )


@hooks.register("register_admin_viewset")
def programme_desk() -> ProgrammeGroup:
    return ProgrammeGroup()
