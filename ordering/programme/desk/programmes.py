"""Programmes that run, their tiers and the exceptions of these."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.postgres.forms import RangeWidget
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import AdminDateInput, Button

from accounts.admin import DayColumn, DeskViewSet, ServedEditView
from accounts.enums import Right
from accounts.principals import Principal, of_request
from portal.lib.formats import day

from .. import services
from ..models import Programme, Tier, TierException
from ..rules import DAY
from . import READERS

NO_BREAK: Final = "\u00a0"


class RegionColumn(Column):
    """For whom: the region, or everywhere."""

    def get_value(self, instance: Any) -> str:
        return str(instance.region or gettext("everywhere"))


class BrandColumn(Column):
    """Of which articles: a brand's, or all."""

    def get_value(self, instance: Any) -> str:
        return str(instance.brand or gettext("all articles"))


def windows(terms: Any) -> str:
    """How volume is counted, in a few words: "shipped · rolling months, 12"."""
    window = terms.get_window_display()
    if terms.window == "rolling":
        window = gettext("%(months)d rolling months") % {"months": terms.window_months}
    return f"{terms.get_measure_display()} · {window}"


SCOPE = [
    "currency",
    RegionColumn("region", label=_("Region")),
    BrandColumn("brand", label=_("Articles")),
]


def runs(programme: Programme) -> str:
    """From which day through which, as people say it."""
    first, end = day(programme.validity.lower), programme.validity.upper
    if end:
        return f"{first} – {day(end - DAY)}"
    return (gettext("from %(day)s") % {"day": first}).replace(" ", NO_BREAK)


def draft_address(programme: Programme) -> str:
    return f"{reverse('programmedraft:add')}?programme={programme.pk}"


class ProgrammeIndex(IndexView):
    def get_list_more_buttons(self, instance: Programme) -> list[Any]:
        buttons = list(super().get_list_more_buttons(instance))
        if of_request(self.request).may(Right.MANAGE_PROGRAMME):
            label = _("New draft from this programme")
            buttons.append(MenuItem(label, url=draft_address(instance), icon_name="draft", priority=15))
        return buttons


class ProgrammeEditView(ServedEditView):
    @property
    def header_more_buttons(self) -> list[Any]:
        label = _("New draft from this programme")
        draft = Button(label, url=draft_address(self.object), icon_name="draft", priority=5)
        return [draft, *super().header_more_buttons]


class ProgrammeViewSet(DeskViewSet):
    model = Programme
    index_view_class = ProgrammeIndex
    edit_view_class = ProgrammeEditView
    name = "partner_programme"  # "programme" names the dealers' pages
    icon = "pick"
    menu_label = _("Programmes")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    panels = [
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        FieldRowPanel([FieldPanel("code"), FieldPanel("currency")]),
        FieldRowPanel([FieldPanel("region"), FieldPanel("brand")]),
        FieldPanel("validity", widget=RangeWidget(AdminDateInput)),
        MultiFieldPanel(
            [
                FieldPanel("measure"),
                FieldRowPanel([FieldPanel("window"), FieldPanel("window_months")]),
                FieldRowPanel([FieldPanel("evaluation"), FieldPanel("grace_months")]),
            ],
            heading=_("How tiers are decided"),
        ),
    ]
    list_select_related = ("region", "brand")
    list_display = [
        "__str__",
        *SCOPE,
        Column("runs", label=_("In force"), accessor=runs),
        Column("counts", label=_("What counts"), accessor=windows),
        DayColumn("evaluated_on", label=_("Last decided on")),
    ]
    list_filter = ["currency", "region", "brand", "measure", "window"]
    list_export = [
        "code",
        "name_ru",
        "name_en",
        "currency",
        "region.code",
        "brand.code",
        "validity",
        "measure",
        "window",
        "window_months",
        "evaluation",
        "grace_months",
        "evaluated_on",
    ]
    search_fields = ["code", "name_ru", "name_en"]
    export_filename = "programmes"

    def save(self, form: Any, by: Principal) -> Programme:
        return services.save_programme(programme=form.instance, by=by)


class TierViewSet(DeskViewSet):
    model = Tier
    icon = "order"
    menu_label = _("Tiers")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    list_select_related = ("programme",)
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
