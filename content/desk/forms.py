"""What editors fill in when they remedy a question or keep synonyms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser

from accounts.access import PortalRequest
from ordering.catalog.models import Product
from portal.lib import skus
from search.models import SynonymGroup

from ..models import PortalPage, SectionPage

LONGEST_LIST = 1024 * 1024  # bytes of an imported list


class Lines(forms.CharField):
    """One phrase a line."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value


class PhrasesForm(forms.Form):
    """A group of synonyms."""

    phrases = Lines(
        label=_("Phrases that mean the same"),
        help_text=_(
            "One a line, as people type them. Endings do not matter: “цепная пила” stands for “цепной пилы” too."
        ),
    )
    replacements = Lines(
        label=_("Only find these instead"),
        required=False,
        help_text=_("If filled in, the phrases above also find these, but not the other way round."),
    )


class SynonymGroupForm(PhrasesForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SynonymGroup
        fields = ("phrases", "replacements")

    def clean(self) -> dict[str, Any]:
        """The service judges, in words; the model's own constraint would say it first and worse."""
        return self.cleaned_data


class SkuField(forms.CharField):
    """An article by its SKU."""

    def clean(self, value: Any) -> Product | None:
        text = (super().clean(value) or "").strip()
        product = Product.objects.filter(sku_key=skus.key(text)).first() if text else None
        if text and product is None:
            raise forms.ValidationError(_("There is no article with this SKU. Copy it from the catalogue."))
        return product


class PinForm(forms.Form):
    """An article or a page to stand first."""

    product = SkuField(label=_("Article"), required=False, max_length=60, help_text=_("SKU. Leave empty to pin a page"))
    page = forms.ModelChoiceField(
        PortalPage.objects.filter(live=True),
        label=_("Page"),
        required=False,
        widget=AdminPageChooser(target_models=[PortalPage]),
        help_text=_("Readers see it in their language, and only if they may read it at all."),
    )


class GuideForm(forms.Form):
    """Where the draft goes."""

    section = forms.ModelChoiceField(
        SectionPage.objects.order_by("path"),
        label=_("Section"),
        help_text=_("The draft takes its audience and its language from the section. You can change both later."),
    )


class DismissForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("“We do not sell this.” Colleagues see it beside the question.")
    )


class ImportForm(forms.Form):
    """A list of groups as a file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV in UTF-8 or Windows-1251, one group a line, phrases separated by a semicolon or a comma. “a; b => c”: who"
            " asks for a or b also finds c."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LONGEST_LIST:
            raise forms.ValidationError(_("At most one megabyte. Divide the list."))
        return file


def text_of(request: PortalRequest) -> str:
    """The question that a screen is about."""
    return (request.POST.get("q") or request.GET.get("q") or "").strip()[:200]
