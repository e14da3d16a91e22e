"""What the head office sees of the house itself."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView

from accounts.admin import DeskViewSet, ServedDeleteView, ServedEditView
from accounts.enums import Right
from accounts.principals import Principal
from search.models import Change

from . import set_aside
from .views.affected import affected

SHOWN_OF_AN_ERROR = 160  # characters in the list; the whole of it stands where the row is opened


class SetAsideIndex(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().filter(set_aside=True)


class TryAgainView(ServedEditView):
    page_title = _("Try again")
    submit_button_label = _("Try again")
    delete_item_label = _("Forget")
    success_message = _("%(object)s: it is tried again.")


class ForgetView(ServedDeleteView):
    page_title = _("Forget")
    success_message = _("%(object)s: forgotten.")
    confirmation_message = _("The search engine then keeps what it has of this, until it changes again.")


class SetAsideViewSet(DeskViewSet):
    """Changes that a search engine refused again and again, with its reason."""

    model = Change
    icon = "warning"
    menu_label = _("Search: set aside")
    menu_hook = "register_reports_menu_item"
    menu_order = 950
    add_to_admin_menu = False
    read, write, actions = (Right.ADMINISTER,), (Right.ADMINISTER,), ("change", "delete")
    index_view_class = SetAsideIndex
    edit_view_class = TryAgainView
    delete_view_class = ForgetView
    inspect_view_enabled = True
    inspect_view_fields = ["engine", "kind", "key", "marked_at", "attempts", "error"]
    list_display = [
        "__str__",
        DateColumn("marked_at", label=_("changed"), sort_key="marked_at"),
        Column("attempts", label=_("attempts")),
        Column("error", label=_("error"), accessor=lambda change: change.error[:SHOWN_OF_AN_ERROR]),
    ]
    ordering = ["-marked_at"]
    list_filter = ["engine", "kind"]
    list_export = ["engine", "kind", "key", "marked_at", "attempts", "error"]
    export_filename = "set-aside"

    def save(self, form: Any, by: Principal) -> Change:
        return set_aside.try_again(by=by, change_id=form.instance.pk)

    def delete(self, instance: Any, by: Principal) -> None:
        set_aside.give_up(by=by, change_id=instance.pk)


@hooks.register("register_admin_urls")
def prices_urls() -> list[URLPattern]:
    """Beside the grid of prices, whose other pages are pricing's own."""
    return [path("prices/grid/affected/<int:pk>/", affected, name="price_affected")]


@hooks.register("register_admin_viewset")
def set_aside_viewset() -> SetAsideViewSet:
    return SetAsideViewSet("search_set_aside", url_prefix="search/set-aside")


@hooks.register("insert_global_admin_css")
def desk_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/desk.css"))
