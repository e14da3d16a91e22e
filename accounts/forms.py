"""What people type. Forms check the shape; whether it may be done is decided by services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lib.errors import DomainError

from .enums import Language, Role
from .models import User
from .services.tokens import DAYS

PASSWORD_HINT = _("At least 10 characters. A phrase of several words is easy to keep in mind.")


class PersonsForm(forms.Form):
    """A form that takes the refusal of a service as an answer of its own."""

    def refuse(self, error: DomainError) -> None:
        """Shows it at its field, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


def password_field(label: Any, *, new: bool, hint: Any = "") -> forms.CharField:
    """A password: `new` tells password managers whether to offer one or to make one up."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, help_text=hint)


def email_field() -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
    return forms.EmailField(label=_("E-mail"), max_length=254, widget=widget)


class SignInForm(PersonsForm):
    email = email_field()
    password = password_field(_("Password"), new=False)
    stay = forms.BooleanField(label=_("Stay signed in on this computer for 14 days"), required=False)


class CodeForm(PersonsForm):
    """A code of the phone, or one from paper."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none", "autofocus": True}
        ),
    )


class PasswordForm(PersonsForm):
    """The proof that it is still the same person at the keyboard."""

    password = password_field(_("Your password"), new=False)


class ReplaceForm(PasswordForm):
    """Another phone: the same person, with the former phone or a recovery code."""

    code = forms.CharField(
        label=_("Code of the present phone, or a recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )


class ForgottenForm(PersonsForm):
    email = email_field()


class NewPasswordForm(PersonsForm):
    password = password_field(_("New password"), new=True, hint=PASSWORD_HINT)
    revoke_tokens = forms.BooleanField(label=_("Revoke my API tokens too"), required=False, initial=True)


class ChangePasswordForm(NewPasswordForm):
    current = password_field(_("Current password"), new=False)


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "language", "shortcuts"]
        labels = {"shortcuts": _("Single-key shortcuts (/ searches, ? lists them all)")}

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, widget=forms.TextInput({"autocomplete": "family-name"})
    )


class TokenForm(PersonsForm):
    name = forms.CharField(label=_("What it is for"), max_length=80, help_text=_("For example: our ERP, price export"))
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        # Asked anew for every form: `%` on a lazy text at import would keep one language for everybody.
        choices=lambda: [(n, _("%(n)s days") % {"n": n}) for n in DAYS],
    )


class EraseForm(PasswordForm):
    tell_manager = forms.BooleanField(
        label=_("I am the only owner: tell our manager that nobody is left"), required=False
    )


class InviteForm(PersonsForm):
    email = forms.EmailField(label=_("Work e-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.BUYER)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=Language.choices)
    second_factor_required = forms.BooleanField(label=_("Require a second factor"), required=False)


class RoleForm(PersonsForm):
    role = forms.ChoiceField(choices=Role.choices)


class WelcomeForm(PersonsForm):
    """A newcomer introduces themselves."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    password = password_field(_("Password"), new=True, hint=PASSWORD_HINT)
