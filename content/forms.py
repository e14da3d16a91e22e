"""What editors fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.forms.pages import WagtailAdminPageForm

from accounts.models import User
from portal.lib import skus
from portal.lib.text import sort_key

from .enums import Significance
from .models.pages import WRITERS


class PortalPageForm(WagtailAdminPageForm):
    """A page in the admin: owners are people of the head office, and each new change begins as "notable"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:
            self.fields["owner"].queryset = User.objects.filter(WRITERS).order_by("last_name", "first_name")
        # The word given to the last publication is not meant for the next one: a second "major" would call everybody.
        if "significance" in self.fields and not self.instance.has_unpublished_changes:
            self.initial["significance"] = Significance.NOTABLE


class ProductSearchForm(BaseFilterForm):
    """Finds an article for a guide by the beginning of its SKU or by words of its name."""

    q = forms.CharField(required=False)

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        text = self.cleaned_data.get("q", "").strip()
        if not text:
            return objects
        self.is_searching, self.search_query = True, text
        words = sort_key(text)
        return objects.filter(
            Q(sku_key__startswith=skus.key(text)) | Q(sort_key_ru__contains=words) | Q(sort_key_en__contains=words)
        )
