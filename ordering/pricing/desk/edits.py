"""Who changed what in a draft and why; and what one article has cost in a list, version by version."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import PortalRequest
from accounts.enums import Right
from ordering.catalog.models import Product
from portal.lib.errors import DomainError
from portal.lib.numbers import DoubtfulCellError
from portal.lib.paging import page_of
from portal.lib.text import capital_labels

from ..errors import DraftGone
from ..models import DraftEdit, Price, PriceEdit, PriceListVersion
from ..price_files import amount_of
from ..queries import discarded
from ..services import CellEdit, edit_prices
from .asked import head, may_read, or_trace, version_of

ROWS: Final = 25
VERSIONS: Final = 20
CHANGES: Final = 100


def edits(request: PortalRequest, pk: int) -> HttpResponse:
    """The edits of a draft, newest first, each to be undone; those of a draft thrown away, to be read."""
    may_read(request)
    lost = discarded(pk)
    version = lost.version if lost else version_of(pk)
    made = (
        DraftEdit.objects.filter(version=version)
        .select_related("made_by", "undone_by__made_by")
        .annotate(count=Count("prices"))
        .order_by("-made_at", "-pk")
    )
    context = {
        "version": version,
        "page": page_of(made, request.GET.get("page"), ROWS),
        "round": PriceEdit.objects.filter(version=version, edit=None).count(),
        "lost": lost,
        "may_write": request.principal.may(Right.MANAGE_PRICES) and not version.published_at and not lost,
        **head(_("Who changed what: %(version)s") % {"version": version}, icon="history", grid=back(version)),
    }
    return render(request, "pricing/desk/edits.html", context)


def back(version: PriceListVersion) -> str:
    """The grid with this version as its column."""
    return f"{reverse('price_grid:grid')}?c=v{version.pk}"


class BreakForm(forms.Form):
    """A price from a further quantity on."""

    min_quantity = forms.IntegerField(label=gettext_lazy("from quantity"), min_value=1, max_value=10**9 - 1)
    price = forms.CharField(label=gettext_lazy("price"), max_length=40)
    reason = forms.CharField(label=gettext_lazy("why"), max_length=300)
    confirmed = forms.BooleanField(label=gettext_lazy("the price is meant"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        capital_labels(self)


@or_trace
def article(request: PortalRequest, version_id: int, product_id: int) -> HttpResponse:
    """One article in a list: its prices by version, every change in the draft, and a field for a further quantity."""
    may_read(request)
    version = version_of(version_id)
    product = get_object_or_404(Product, pk=product_id)
    may_write = request.principal.may(Right.MANAGE_PRICES) and not version.published_at
    form = BreakForm(request.POST or None) if may_write else None
    if request.method == "POST" and form and form.is_valid() and kept(form, version, product, request):
        messages.success(request, _("The price is saved."))
        return redirect("price_grid:article", version_id=version.pk, product_id=product.pk)
    context = {
        "version": version,
        "product": product,
        "form": form,
        "prices": prices_of(version, product),
        "changes": PriceEdit.objects.filter(version=version, product=product).select_related("edit__made_by")[:CHANGES],
        **head(f"{product.sku} · {version.price_list}", icon="history", grid=back(version) + f"&q={product.sku}"),
    }
    return render(request, "pricing/desk/article.html", context)


def kept(form: BreakForm, version: PriceListVersion, product: Product, request: PortalRequest) -> bool:
    """Whether the price was saved; else the form says why not."""
    said = form.cleaned_data
    was = Price.objects.filter(version=version, product=product, min_quantity=said["min_quantity"]).first()
    if was:
        form.add_error("min_quantity", _("There is a price from this quantity on: change it in the grid."))
        return False
    try:
        cell = CellEdit(
            product.pk, said["min_quantity"], None, amount_of(said["price"], currency=version.price_list.currency)
        )
        edit_prices(
            version=version, cells=[cell], reason=said["reason"], by=request.principal, confirmed=said["confirmed"]
        )
    except DoubtfulCellError as doubt:
        form.add_error("price", str(doubt))
    except DraftGone:
        raise
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    return form.is_valid()


def prices_of(version: PriceListVersion, product: Product) -> list[dict[str, Any]]:
    """The article's prices in the list's last versions and in this one. One query."""
    prices = (
        Price.objects.filter(version__price_list=version.price_list_id, product=product)
        .select_related("version__price_list")
        .order_by("-version__number", "min_quantity")
    )
    by_version: dict[int, dict[str, Any]] = {}
    for price in prices[: VERSIONS * 10]:
        by_version.setdefault(price.version_id, {"version": price.version, "prices": []})["prices"].append(price)
    return list(by_version.values())[:VERSIONS]
