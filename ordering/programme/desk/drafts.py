"""Drafts of programmes: everything on one form."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import AdminDateInput, HeaderButton

from accounts.admin import DeskViewSet, ServedCreateView, ServedDeleteView, ServedEditView
from accounts.enums import Right
from accounts.principals import Principal

from .. import services
from ..models import Programme, ProgrammeDraft
from . import READERS
from .programmes import SCOPE, windows


class RowsBelow(BaseChildFormSet):
    """Two rows of one code or threshold are refused by the service, which says which they are and what to do.

    Categories and brands to choose from are read once for all rows.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.choices: dict[str, list[Any]] = {}
        super().__init__(*args, **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name in {"category", "brand"} & form.fields.keys():
            if name not in self.choices:
                self.choices[name] = list(form.fields[name].choices)
            form.fields[name].choices = self.choices[name]

    def validate_unique(self) -> None:
        pass


class Below(InlinePanel):
    """Rows below the draft, or below a row of it. `add_label` says the whole of "Add a tier": Russian declines the noun."""

    def __init__(self, *args: Any, add_label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_label = add_label

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "add_label": self.add_label}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = RowsBelow
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "programme/desk/rows.html"


class Figure(FieldPanel):
    """A number in a row of numbers: its heading says what its help text would, so that all stand on one line."""

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.help_text = ""
            if self.bound_field:
                self.bound_field.help_text = ""


class DraftForm(WagtailAdminModelForm):
    """A draft's terms and all below them; one that is kept already may be published from a day to come."""

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


def simulate_address(draft: ProgrammeDraft) -> str:
    return f"{reverse('simulation:add')}?draft={draft.pk}"


class DraftIndex(IndexView):
    def get_list_more_buttons(self, instance: ProgrammeDraft) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if instance.published_id:
            return [button for button in buttons if getattr(button, "icon_name", "") != "bin"]
        return [*buttons, MenuItem(_("Simulate"), url=simulate_address(instance), icon_name="cogs", priority=15)]


class DraftCreateView(ServedCreateView):
    """`?programme=`: the form begins with everything of a programme. What is kept opens again, to go on with it."""

    def get_initial_form_instance(self) -> ProgrammeDraft | None:
        asked = self.request.GET.get("programme", "")
        programme = Programme.objects.filter(pk=asked).first() if asked.isdecimal() else None
        return services.draft_of(programme) if programme else None

    def get_success_message(self, instance: ProgrammeDraft) -> str:
        return gettext("Kept. Nothing that dealers see has changed: simulate it, or go on with it.")

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_success_url(self) -> str:
        return reverse("programmedraft:edit", args=[self.object.pk])


class DraftEditView(ServedEditView):
    """A published draft is history: its programme opens instead, from which another draft begins."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        programme = self.get_object().published
        if programme is None:
            return cast(HttpResponse, super().get(request, *args, **kwargs))
        messages.info(
            request,
            gettext(
                "This draft is published: here is its programme. The menu beside its name begins a new draft from it."
            ),
        )
        return redirect("partner_programme:edit", programme.pk)

    def get_success_message(self) -> str:
        if not self.form.cleaned_data.get("valid_from"):
            return gettext("Kept. Nothing that dealers see has changed.")
        return gettext(
            "Published as a programme of its own from the day named. Its announcement waits among the news for an editor."
        )

    @property
    def header_buttons(self) -> list[Any]:
        return [HeaderButton(_("Simulate"), url=simulate_address(self.object), icon_name="cogs")]

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_success_url(self) -> str:
        published = self.form.cleaned_data.get("valid_from")
        return reverse("programmedraft:index") if published else reverse("programmedraft:edit", args=[self.object.pk])


class DraftDeleteView(ServedDeleteView):
    confirmation_message = _("Throw this draft away? Its simulations go with it; programmes that run are not touched.")

    def get_usage_url(self) -> None:
        """Nothing refers to a draft: no "referenced 0 times"."""


VOLUME_FROM = Figure("threshold", heading=_("Volume from, without tax"))
TIER = [
    FieldRowPanel([FieldPanel("code"), VOLUME_FROM, Figure("discount")]),
    FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
    FieldRowPanel([FieldPanel("benefits_ru"), FieldPanel("benefits_en")]),
    FieldPanel("benefits_page"),
    Below(
        "exceptions",
        heading=_("Exceptions"),
        label=_("exception"),
        add_label=_("Add an exception"),
        panels=[FieldRowPanel([FieldPanel("category"), FieldPanel("brand"), Figure("discount")])],
    ),
]
PREMIUM = [
    FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
    FieldRowPanel([FieldPanel("kind"), FieldPanel("period")]),
    Below(
        "slices",
        heading=_("Slices"),
        label=_("slice"),
        add_label=_("Add a slice"),
        panels=[FieldRowPanel([VOLUME_FROM, Figure("percent")])],
    ),
]


class DraftViewSet(DeskViewSet):
    """A draft with all that is below it: a new one without tiers begins with those of the programme that runs."""

    model = ProgrammeDraft
    index_view_class = DraftIndex
    add_view_class = DraftCreateView
    edit_view_class = DraftEditView
    delete_view_class = DraftDeleteView
    icon = "draft"
    menu_label = _("Drafts")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change", "delete")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
            MultiFieldPanel(
                [FieldPanel("currency"), FieldRowPanel([FieldPanel("region"), FieldPanel("brand")])],
                heading=_("For whom and for what"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("measure"),
                    FieldRowPanel([FieldPanel("window"), FieldPanel("window_months")]),
                    FieldRowPanel([FieldPanel("evaluation"), FieldPanel("grace_months")]),
                ],
                heading=_("How tiers are decided"),
            ),
            Below(
                "tiers",
                heading=_("Tiers"),
                label=_("tier"),
                add_label=_("Add a tier"),
                help_text=_(
                    "A new draft without tiers begins with those of the programme that runs in its region and brand, else in"
                    " the nearest region above: with exceptions and premiums."
                ),
                panels=TIER,
            ),
            Below("premiums", heading=_("Premiums"), label=_("premium"), add_label=_("Add a premium"), panels=PREMIUM),
            FieldPanel("valid_from"),
        ],
        base_form_class=DraftForm,
    )
    list_select_related = ("published", "region", "brand")
    list_display = [
        "__str__",
        *SCOPE,
        Column("counts", label=_("What counts"), accessor=windows),
        Column("published", label=_("Published as"), accessor=lambda draft: draft.published or "–"),
    ]
    list_filter = ["currency", "region", "brand"]
    list_export = [
        "name_ru",
        "name_en",
        "currency",
        "region.code",
        "brand.code",
        "measure",
        "window",
        "window_months",
        "evaluation",
        "grace_months",
        "published.code",
    ]
    search_fields = ["name_ru", "name_en"]
    export_filename = "programme-drafts"

    def save(self, form: Any, by: Principal) -> Any:
        form.save(commit=False)  # puts what is below into the draft; the service writes
        draft = services.save_draft(draft=form.instance, by=by)
        if valid_from := form.cleaned_data.get("valid_from"):
            services.publish_draft(draft=draft, valid_from=valid_from, by=by)
        return draft

    def delete(self, instance: ProgrammeDraft, by: Principal) -> None:
        services.discard_draft(draft=instance, by=by)
