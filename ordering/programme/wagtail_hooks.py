"""The programme on the head office's desk."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.postgres.forms import RangeWidget
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.widgets import AdminDateInput

from accounts.admin import DeskViewSet
from accounts.enums import Right
from accounts.principals import Principal

from . import services
from .models import Programme, Tier, TierAward

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
        DateColumn("since", label=_("Held from")),
        DateColumn("last_day", label=_("Held until")),
        "volume",
        "reason",
    ]
    list_filter = ["tier", "reason"]
    list_export = ["dealer.code", "dealer.name", "tier.code", "since", "last_day", "volume", "reason", "note"]
    search_fields = ["dealer__code", "dealer__name"]
    export_filename = "tiers-held"
    inspect_view_enabled = True


class ProgrammeGroup(ModelViewSetGroup):
    menu_label = _("Programme")
    menu_icon = "pick"
    menu_order = 330
    items = (ProgrammeViewSet, TierViewSet, TierAwardViewSet)


@hooks.register("register_admin_viewset")
def programme_desk() -> ProgrammeGroup:
    return ProgrammeGroup()
