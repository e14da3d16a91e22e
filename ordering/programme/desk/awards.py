"""Tiers that dealers hold, and those proposed by hand."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.forms import RangeWidget
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import AdminDateInput

from accounts.admin import DayColumn, DeskViewSet
from accounts.enums import Right
from accounts.principals import Principal

from .. import services
from ..models import AwardProposal, TierAward
from . import READERS


class TierAwardViewSet(DeskViewSet):
    """Who holds which tier, as the programme decided. Read only: a decision is not edited."""

    model = TierAward
    icon = "success"
    menu_label = _("Tiers held")
    read = (*READERS, Right.MANAGE_PROGRAMME)
    list_select_related = ("dealer", "tier")
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
