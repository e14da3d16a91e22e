"""The forms of the head-office desk. They check the shape; services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from .enums import Language, Role, StaffRole
from .models import Audience, Dealer, DealerBrand, DealerTier, Invitation, Membership, Region, User


def words(text: str) -> list[str]:
    """Codes typed with commas, spaces or line ends between them."""
    return sorted(set(text.replace(",", " ").split()))


class DealerForm(WagtailAdminModelForm):  # type: ignore[misc]  # Wagtail has no types
    brand_codes = forms.CharField(
        label=capfirst(_("brands")),
        required=False,
        help_text=_("Codes of the brands the dealer may sell, with commas between."),
    )

    class Meta:
        model = Dealer
        fields = ["code", "name", "town", "home_region", "served_regions", "currency", "manager", "is_active"]
        widgets = {"served_regions": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["served_regions"].queryset = Region.objects.order_by("path")
        self.fields["manager"].queryset = User.objects.filter(staff_role=StaffRole.MANAGER, is_active=True)
        if self.instance.pk:
            self.initial["brand_codes"] = ", ".join(self.instance.brands.values_list("code", flat=True))

    def clean_brand_codes(self) -> list[str]:
        return words(self.cleaned_data["brand_codes"])


class MembershipForm(WagtailAdminModelForm):  # type: ignore[misc]
    class Meta:
        model = Membership
        fields = ["role", "second_factor_required", "is_active"]


class DeskInvitationForm(WagtailAdminModelForm):  # type: ignore[misc]
    """To a dealer in a role, or to the head office in a head-office role."""

    role = forms.ChoiceField(
        label=capfirst(_("role at the dealer")), choices=[("", "–"), *Role.choices], required=False
    )
    staff_role = forms.ChoiceField(
        label=capfirst(_("or head-office role")), choices=[("", "–"), *StaffRole.choices], required=False
    )
    language = forms.ChoiceField(label=capfirst(_("language of the letter")), choices=Language.choices)

    class Meta:
        model = Invitation
        fields = ["email", "dealer", "role", "staff_role", "second_factor_required", "language"]

    def _get_validation_exclusions(self) -> set[str]:
        """A second invitation to one place is no mistake here: the service puts it in place of the first."""
        return {*super()._get_validation_exclusions(), "email", "dealer", "role", "staff_role"}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        at_dealer, at_head_office = bool(cleaned.get("dealer") and cleaned.get("role")), bool(cleaned.get("staff_role"))
        if at_dealer == at_head_office:
            self.add_error(None, _("Choose a dealer and a role there, or a head-office role."))
        return cleaned

    def words(self) -> dict[str, Any]:
        """What `services.invite` takes."""
        given = {name: self.cleaned_data[name] for name in self.Meta.fields if name != "dealer"}
        dealer = None if given["staff_role"] else self.cleaned_data["dealer"]
        return {**given, "dealer_id": dealer.pk if dealer else None}


class PersonForm(WagtailAdminModelForm):  # type: ignore[misc]
    reset_second_factor = forms.BooleanField(
        label=capfirst(_("reset the second factor")),
        required=False,
        help_text=_("For a lost phone. Be sure it is really them who asks. Their sessions end, and we write to them."),
    )

    class Meta:
        model = User
        fields = ["staff_role", "is_active"]


class AudienceForm(WagtailAdminModelForm):  # type: ignore[misc]
    roles = forms.MultipleChoiceField(
        label=capfirst(_("roles")), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    excluded_roles = forms.MultipleChoiceField(
        label=capfirst(_("except roles")), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    tiers = forms.MultipleChoiceField(label=capfirst(_("tiers")), required=False, widget=forms.CheckboxSelectMultiple)
    brands = forms.MultipleChoiceField(label=capfirst(_("brands")), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Audience
        fields = [
            "name", "roles", "tiers", "brands", "regions", "dealers",
            "excluded_roles", "excluded_regions", "excluded_dealers", "head_office_only",
        ]  # fmt: skip
        help_texts = {
            "name": _("Any within a line, all lines together, minus the exceptions. An empty line does not limit."),
        }
        widgets = {"regions": forms.CheckboxSelectMultiple, "excluded_regions": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("tiers", DealerTier), ("brands", DealerBrand)):
            used = set(model.objects.values_list("code", flat=True).distinct()) | set(getattr(self.instance, name))
            self.fields[name].choices = [(code, code) for code in sorted(used)]
        for name in ("regions", "excluded_regions"):
            self.fields[name].queryset = Region.objects.order_by("path")
