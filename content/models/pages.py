"""Pages. Every type extends PortalPage, so that one query asks who may read, whatever the type."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager

from accounts.enums import StaffRole
from accounts.models import Audience, AudienceSet
from ordering.catalog.models import Product

from ..blocks import BodyBlock
from ..enums import Significance, TaskIcon, Topic
from ..querysets import PortalPageQuerySet

WRITERS = Q(
    staff_role__in=[StaffRole.EDITOR, StaffRole.MANAGER, StaffRole.PROGRAMME, StaffRole.ADMINISTRATOR], is_active=True
)
PORTAL, HEADLESS, AS_READER = "portal", "headless", "as-"


class PortalPage(Page):
    """What all pages share: whom they are for, who answers for them, when to look again.

    A page is for its own audience and, besides, for the audiences of everything above it: see
    `PortalPageQuerySet.visible_to`. `owner` is Wagtail's own field. Publishing, unpublishing, moving and deleting are
    one transaction each, so that search and reading never disagree with the page.
    """

    audience = models.ForeignKey(
        Audience, models.PROTECT, related_name="+", verbose_name=_("audience"),
        help_text=_(
            "Who may read this page. What lies below it is narrowed by it too: a guide for everyone inside a section for"
            " owners is read by owners. Head-office people read everything that is published."
        ),
    )  # fmt: skip
    lede = models.TextField(
        _("first sentence"), blank=True, validators=[MaxLengthValidator(500)],
        help_text=_("What the reader will know or be able to do. Shown under the title and in lists"),
    )  # fmt: skip
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", limit_choices_to=WRITERS,
        verbose_name=_("deputy"), help_text=_("Answers for the page when the owner is away"),
    )  # fmt: skip
    review_date = models.DateField(
        _("review by"), null=True, blank=True, help_text=_("After this day the page is listed as due for review")
    )
    significance = models.CharField(
        _("this change is"), max_length=10, choices=Significance.choices, default=Significance.NOTABLE,
        help_text=_("What readers are told when you publish"),
    )  # fmt: skip
    mandatory = models.BooleanField(
        _("must be read"), default=False, help_text=_("Each reader is asked to confirm reading")
    )
    read_by = models.DateField(_("to be read by"), null=True, blank=True)

    objects: ClassVar[Any] = PageManager.from_queryset(PortalPageQuerySet)()

    is_creatable = False
    content_panels = [*Page.content_panels, "lede", "audience"]
    promote_panels = ["slug"]
    settings_panels = [*Page.settings_panels, "owner", "deputy", "review_date", "mandatory", "read_by"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.CheckConstraint(condition=Q(significance__in=Significance.values), name="page_significance_is_known")
        ]

    @property
    def address(self) -> str:
        """Where a signed-in reader finds the page: /knowledge/ru/orders/how-to-order/."""
        return reverse("content:page", args=[self.url_path.strip("/")])

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    @property
    def is_due_for_review(self) -> bool:
        return self.review_date is not None and self.review_date < timezone.localdate()

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(request)
        return parts and (parts[0], settings.WAGTAILADMIN_BASE_URL, self.address)

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        return super().publish(*args, **kwargs)

    @transaction.atomic
    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        return super().unpublish(*args, **kwargs)

    @transaction.atomic
    def move(self, *args: Any, **kwargs: Any) -> Any:
        return super().move(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return super().delete(*args, **kwargs)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        headless = [(HEADLESS, _("In the headless front end"))] if settings.HEADLESS_PREVIEW_URL else []
        return [(PORTAL, _("On the portal")), *self._as_readers(), *headless]

    def _as_readers(self) -> list[tuple[str, str]]:
        """One mode for each role the page is for, through the eyes of a dealer who belongs to its audience."""
        seats = AudienceSet.objects.filter(audience_ids__contains=[self.audience_id or 0], dealer__is_active=True)
        seats = seats.select_related("dealer").order_by("role", "dealer__name").distinct("role")
        return [(f"{AS_READER}{seat.pk}", f"{seat.get_role_display()}, {seat.dealer.name}") for seat in seats]


class HomePage(PortalPage):
    """The root of one language."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.SectionPage"]

    class Meta:
        verbose_name = _("first page of a language")
        verbose_name_plural = _("first pages")


class SectionPage(PortalPage):
    """A shelf of guides or news; its audience narrows whatever stands on it."""

    parent_page_types = ["content.HomePage", "content.SectionPage"]
    subpage_types = ["content.SectionPage", "content.GuidePage", "content.NewsPage"]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")


class GuidePage(PortalPage):
    """How to do one thing."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("text"))
    task_phrases = models.TextField(
        _("how would a newcomer ask"), blank=True,
        help_text=_("One question a line, in their words: search finds the guide by them. “How do I return a battery?”"),
    )  # fmt: skip
    task = models.CharField(
        _("task on the first page"), max_length=60, blank=True,
        help_text=_("“Place an order”. Empty: the guide is not among the tasks"),
    )  # fmt: skip
    task_note = models.CharField(_("words under the task"), max_length=80, blank=True)
    task_icon = models.CharField(
        _("drawing of the task"), max_length=40, choices=TaskIcon.choices, default=TaskIcon.BOOK
    )

    parent_page_types = ["content.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [*PortalPage.content_panels, "body", "products", "significance"]
    promote_panels = [*PortalPage.promote_panels, "task_phrases", "task", "task_note", "task_icon"]

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")


class GuideProduct(Orderable):
    """A guide is about an article: the article's page shows the guide, the guide shows the article."""

    page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="products")
    product = models.ForeignKey(Product, models.CASCADE, related_name="guide_links", verbose_name=_("article"))

    panels = ["product"]

    class Meta(Orderable.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [models.UniqueConstraint(fields=["page", "product"], name="guide_product_once")]


class NewsPage(PortalPage):
    """What happened, on one day."""

    date = models.DateField(_("date"), default=timezone.localdate)
    topic = models.CharField(_("about"), max_length=10, choices=Topic.choices, default=Topic.PORTAL)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("text"))

    parent_page_types = ["content.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [*PortalPage.content_panels, "date", "topic", "body", "significance"]

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")
        indexes = [models.Index(fields=["-date"], name="news_by_date")]
