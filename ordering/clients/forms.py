"""Forms of the client base: shapes and labels; what is allowed, the services say."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .rules import LONGEST_CLAIM
from .services import ClientFacts


class ClientForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("company", "Name"), max_length=200)
    tax_id = forms.CharField(
        label=_("Tax id"), max_length=20, required=False, help_text=_("10 digits, 12 for an entrepreneur")
    )
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    domain = forms.CharField(label=_("Web site"), max_length=120, required=False)
    note = forms.CharField(label=pgettext_lazy("of a client", "Note"), max_length=500, required=False)

    def facts(self) -> ClientFacts:
        """What was typed, as the services take it."""
        names = ("name", "tax_id", "town", "phone", "email", "domain")
        return ClientFacts(**{name: self.cleaned_data[name] for name in names})


class RegistrationForm(ClientForm):
    note = None  # type: ignore[assignment]
    product_line = forms.CharField(label=_("Product line"), max_length=80, required=False)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=LONGEST_CLAIM, initial=LONGEST_CLAIM)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["tax_id"].required = True
