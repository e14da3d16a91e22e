"""The Wagtail admin as editors find it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.reports import PageReportView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page

from accounts import principals
from accounts.admin import DeskViewSet, SafeExport
from accounts.authentication import SessionAuthentication
from accounts.enums import Open, Right
from ordering.catalog.models import Product

from . import queries
from .desk import vain
from .desk.synonyms import SynonymViewSet
from .desk.urls import urls as desk_urls
from .forms import PortalPageForm, ProductSearchForm
from .models import Feedback, PortalPage

# Bound here because forms lie above models.
PortalPage.base_form_class = PortalPageForm

CLOSED_MENUS = frozenset(
    {"users", "groups", "sites", "workflows", "workflow-tasks", "redirects", "promoted-search-results"}
)


class ProductChooser(ChooserViewSet):
    """Choosing an article for a guide, among a million: never a select."""

    model = Product
    icon = "tag"
    choose_one_text = _("Choose an article")
    choose_another_text = _("Choose another article")
    register_widget = True

    class Choose(ChooserViewSet.choose_view_class):
        filter_form_class = ProductSearchForm

    class ChooseResults(ChooserViewSet.choose_results_view_class):
        filter_form_class = ProductSearchForm

    choose_view_class = Choose
    choose_results_view_class = ChooseResults


class FeedbackViewSet(DeskViewSet):
    """What readers answered, newest first. Editors look, nobody changes: readers wrote it."""

    model = Feedback
    read = {Right.EDIT_CONTENT}
    icon = "comment"
    menu_label = _("Readers' answers")
    menu_order = 250
    add_to_admin_menu = True
    inspect_view_enabled = True
    list_display = ["publication", "helpful", "reason", "text", "given_at"]
    list_filter = ["helpful", "reason", "given_at"]
    inspect_view_fields = ["publication", "helpful", "reason", "text", "given_at"]

    class Index(IndexView):
        def get_base_queryset(self) -> Any:
            return super().get_base_queryset().select_related("publication__page")

    index_view_class = Index


class DueForReview(SafeExport, PageReportView):
    """Live pages whose day of review has passed."""

    index_url_name = "content_due_for_review"
    index_results_url_name = "content_due_for_review_results"
    page_title = _("Due for review")
    header_icon = "calendar-alt"
    any_permission_required = ["add", "change", "publish"]

    def get_queryset(self) -> Any:
        due = queries.due_for_review().values("pk")
        return Page.objects.filter(pk__in=due).order_by("portalpage__review_date")


class PagesForMenu(PagesAdminAPIViewSet):
    """What the menu of pages and the choosers read; `views.head_office_door` stands before it, Wagtail shows whose pages
    may be seen. Changes go through the pages' own screens."""

    authentication_classes = (SessionAuthentication,)
    access = {"GET": Open.SIGNED_IN}


class ImagesForMenu(ImagesAdminAPIViewSet):
    authentication_classes = (SessionAuthentication,)
    access = {"GET": Right.EDIT_CONTENT}


class DocumentsForMenu(DocumentsAdminAPIViewSet):
    authentication_classes = (SessionAuthentication,)
    access = {"GET": Right.EDIT_CONTENT}


@hooks.register("construct_admin_api", order=100)
def admin_api(router: Any) -> None:
    """In place of Wagtail's own, which declare no access and so are closed to everybody. `order`: after those."""
    router.register_endpoint("pages", PagesForMenu)
    router.register_endpoint("images", ImagesForMenu)
    router.register_endpoint("documents", DocumentsForMenu)


@hooks.register("register_admin_urls")
def due_for_review_urls() -> list[Any]:
    return [
        path("reports/due-for-review/", DueForReview.as_view(), name="content_due_for_review"),
        path(
            "reports/due-for-review/results/",
            DueForReview.as_view(results_only=True),
            name="content_due_for_review_results",
        ),
    ]


class EditorsItem(MenuItem):
    """In the menu of whoever edits content: nobody else may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return principals.of_request(request).may(Right.EDIT_CONTENT)


@hooks.register("register_reports_menu_item")
def due_for_review_menu() -> MenuItem:
    return EditorsItem(_("Due for review"), reverse("content_due_for_review"), icon_name="calendar-alt", order=90)


class VainItem(MenuItem):
    """In the menu of whoever may read the report."""

    def is_shown(self, request: HttpRequest) -> bool:
        return vain.may_read(principals.of_request(request))


@hooks.register("register_admin_urls")
def search_desk_urls() -> list[Any]:
    return desk_urls


@hooks.register("register_reports_menu_item")
def searched_in_vain_menu() -> MenuItem:
    return VainItem(_("Searched in vain"), reverse(vain.HOME), icon_name="search", order=80)


@hooks.register("register_admin_viewset")
def synonyms_viewset() -> SynonymViewSet:
    return SynonymViewSet("synonyms", url_prefix="desk/synonyms")


@hooks.register("register_admin_viewset")
def product_chooser() -> ProductChooser:
    return ProductChooser("article_chooser", url_prefix="articles/choose")


@hooks.register("register_admin_viewset")
def feedback_viewset() -> FeedbackViewSet:
    return FeedbackViewSet("feedback", url_prefix="feedback")


@hooks.register("construct_settings_menu")
def without_people(request: Any, items: list[Any]) -> None:
    """People and groups are managed by accounts; there is one site and no public search."""
    items[:] = [item for item in items if item.name not in CLOSED_MENUS]


@hooks.register("construct_page_listing_buttons")
def without_privacy(buttons: list[Any], page: Any, user: Any, context: Any = None) -> None:
    """Wagtail's privacy does not apply: pages have audiences."""
    buttons[:] = [button for button in buttons if "privacy" not in str(getattr(button, "url", "") or "")]
