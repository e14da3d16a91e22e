"""A rule over the articles of a filter: shown first, then applied as it was shown, to be undone like any edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from accounts.access import PortalRequest
from accounts.enums import Right
from portal.lib.clock import business_date
from portal.lib.errors import DomainError
from portal.lib.numbers import DoubtfulCellError, read_number
from portal.lib.text import capital_labels

from ..enums import Rounding
from ..errors import DraftGone, EditRefused
from ..models import DraftEdit, PriceListVersion
from ..queries import RuleChanges, articles_of, grid_columns, rule_changes
from ..rules.bulk import BulkRule
from ..services import apply_rule, refuse_rule
from .asked import Asked, head, or_trace, published, version_of
from .grid import choices

if TYPE_CHECKING:
    from ordering.catalog.querysets import ProductQuerySet


class RuleForm(forms.Form):
    """What is done with the prices of every article of the filter."""

    source = forms.ChoiceField(
        label=gettext_lazy("take the prices of"),
        required=False,
        help_text=gettext_lazy("of another list or version: an article gets its prices for all quantities, whole"),
    )
    percent = forms.CharField(
        label=gettext_lazy("change by, %"), max_length=12, required=False, help_text=gettext_lazy("3 raises, −3 lowers")
    )
    rounding = forms.ChoiceField(label=gettext_lazy("round"), choices=Rounding.choices, initial=Rounding.MINOR)
    reason = forms.CharField(
        label=gettext_lazy("why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("whoever asks later reads it; to look at the changes none is needed"),
    )

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        capital_labels(self)
        self.fields["source"].choices = [("", _("this draft")), *sources]  # type: ignore[attr-defined]

    def clean_percent(self) -> Decimal:
        text = self.cleaned_data["percent"].strip().removesuffix("%")
        try:
            return read_number(text or "0")
        except DoubtfulCellError as doubt:
            raise ValidationError(str(doubt)) from doubt


@or_trace
def rule(request: PortalRequest, pk: int) -> HttpResponse:
    """The form; with `preview` what it would do; with `fingerprint` what was looked at is done."""
    request.principal.require(Right.MANAGE_PRICES)
    version = version_of(pk)
    if version.published_at:
        return published(request, version)
    asked = Asked.of(request.POST if request.method == "POST" else request.GET)
    form = RuleForm(request.POST or None, sources=sources(asked, version))
    articles = articles_of(asked.chosen, asked.columns)
    changes: RuleChanges | None = None
    wanted = wanted_of(form, version) if request.method == "POST" and form.is_valid() else None
    if wanted:
        if "apply" in request.POST:
            edit = applied(request, form, version, wanted, articles)
            if edit:
                return done(request, asked, version, edit.prices.count())
        # Refused, it shows what it would do now: a reason is added, or other changes agreed to, without beginning again.
        changes = rule_changes(version, wanted, articles, version.price_list.currency)
    context = {
        "version": version,
        "asked": asked,
        "form": form,
        "changes": changes,
        "count": articles.count(),
        "currency": version.price_list.currency,
        **head(_("Change by a rule"), icon="cogs", grid=asked.address()),
    }
    return render(request, "pricing/desk/rule.html", context)


def wanted_of(form: RuleForm, version: PriceListVersion) -> BulkRule | None:
    """The rule that a valid form asks for; None where it makes no prices, then the form says why."""
    said = form.cleaned_data
    try:
        wanted = BulkRule(said["percent"], Rounding(said["rounding"]), source_id(said["source"]))
        refuse_rule(version, wanted)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None
    return wanted


def applied(
    request: PortalRequest, form: RuleForm, version: PriceListVersion, wanted: BulkRule, articles: ProductQuerySet
) -> DraftEdit | None:
    """The edit that did what was looked at; None where it was refused, then the form says why. Raises DraftGone."""
    try:
        return apply_rule(
            version=version, rule=wanted, articles=articles, reason=form.cleaned_data["reason"],
            fingerprint=request.POST.get("fingerprint", ""), by=request.principal,
        )  # fmt: skip
    except DraftGone:
        raise
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


def sources(asked: Asked, version: PriceListVersion) -> list[tuple[str, str]]:
    """What may be copied from: every column there is to choose, but the draft itself."""
    found = []
    for choice in choices(asked.columns):
        label = f"{choice.price_list}, {choice.price_list.currency}"
        if choice.version:
            label += " · " + (_("draft") if choice.version.published_at is None else _("version"))
            label += f" {choice.version.number}"
        if not choice.version or choice.version.pk != version.pk:
            found.append((choice.key, label))
    return found


def source_id(key: str) -> int | None:
    """The version behind a column's key; None for the draft's own prices. Raises EditRefused when a list says nothing."""
    if not key:
        return None
    columns = grid_columns([key], business_date())
    held = columns[0].version if columns else None
    if held is None:
        raise EditRefused(_("This list says nothing today."), field="source")
    return held.pk


def done(request: PortalRequest, asked: Asked, version: PriceListVersion, count: int) -> HttpResponse:
    text = ngettext("%(n)d price changed.", "%(n)d prices changed.", count) % {"n": count}
    undo = messages.button(reverse("price_grid:edits", args=[version.pk]), _("Look or undo"))
    messages.success(request, text, buttons=[undo])
    return redirect(asked.address())
