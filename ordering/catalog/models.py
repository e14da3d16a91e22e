"""What can be bought: the ERP owns these facts, editors own the descriptions."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from portal.lib.files import private_storage
from portal.lib.text import named

from .enums import ProductState
from .querysets import BrandQuerySet, CategoryQuerySet, ProductQuerySet
from .triggers import BRAND, CATEGORY, PRODUCT


class Category(models.Model):
    """A branch of the catalogue's tree."""

    code = models.SlugField(_("code"), max_length=80, unique=True, allow_unicode=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    path = models.CharField(max_length=200, unique=True, editable=False, help_text="/1/7/: ids from the root down")
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name_ru"]
        constraints = [models.CheckConstraint(condition=~Q(parent=F("id")), name="category_not_its_own_parent")]
        triggers = list(CATEGORY)

    def __str__(self) -> str:
        return named(self)

    def is_called(self, word: str) -> bool:
        """As `CategoryQuerySet.called` has it."""
        return word == self.code or word.lower() in (self.name_ru.lower(), self.name_en.lower())

    @property
    def ancestor_ids(self) -> list[int]:
        """The ids from the root down to this category itself."""
        return [int(part) for part in self.path.split("/") if part]


class Brand(models.Model):
    code = models.SlugField(_("code"), max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=120, unique=True)

    objects = BrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]
        triggers = list(BRAND)

    def __str__(self) -> str:
        return self.name

    def is_called(self, word: str) -> bool:
        """As `BrandQuerySet.called` has it."""
        return word == self.code or word.lower() == self.name.lower()


class Attribute(models.Model):
    """What a key of `Product.attributes` is called and measured in; a key without a row here is shown as it is."""

    code = models.CharField(_("code"), max_length=80, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    unit_ru = models.CharField(_("unit in Russian"), max_length=20, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=20, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return named(self)


class Product(models.Model):
    """One sellable position (article)."""

    sku = models.CharField(_("SKU"), max_length=80)
    # portal.lib.skus.key of the SKU: what it is found and kept unique by
    sku_key = models.CharField(max_length=80, unique=True, editable=False)
    mpn = models.CharField(_("part number"), max_length=255, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=500, blank=True)
    name_en = models.CharField(_("name in English"), max_length=500, blank=True)
    sort_key_ru = models.CharField(max_length=500, editable=False)
    sort_key_en = models.CharField(max_length=500, editable=False)
    brand = models.ForeignKey(
        Brand, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("brand")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("category")
    )
    unit = models.CharField(_("unit"), max_length=20, default="шт")
    pack = models.PositiveIntegerField(_("pack"), default=1, help_text=_("orderable multiple"))
    tax_rate = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2, default=Decimal("22"))
    state = models.CharField(_("state"), max_length=12, choices=ProductState.choices, default=ProductState.ACTIVE)
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    backorder = models.BooleanField(_("may be ordered without stock"), default=False)
    description_ru = models.TextField(_("description in Russian"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    attributes = models.JSONField(
        _("attributes"),
        default=dict,
        blank=True,
        help_text="{Attribute.code: text, number, boolean, {ru, en} or a list of those}",
    )
    picture = models.ImageField(_("picture"), storage=private_storage, upload_to="products/", blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["sku_key"]
        indexes = [
            # "parts that fit this": attributes @> {"fits": [sku]}
            GinIndex(fields=["attributes"], opclasses=["jsonb_path_ops"], name="product_attributes"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(pack__gt=0), name="product_pack_is_positive"),
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lt=100), name="product_tax_rate_is_percent"),
            models.CheckConstraint(condition=Q(state__in=ProductState.values), name="product_state_is_known"),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="product_not_its_own_successor"),
            models.CheckConstraint(condition=~Q(name_ru="", name_en=""), name="product_has_a_name"),
        ]
        triggers = list(PRODUCT)

    def __str__(self) -> str:
        return f"{self.sku} {named(self)}"


class Barcode(models.Model):
    """A GTIN of an article, padded to 14 digits. The same code may wrongly stand on two articles: both are found."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="barcodes", verbose_name=_("article"))
    gtin = models.CharField(_("GTIN"), max_length=14)

    class Meta:
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")
        constraints = [
            models.UniqueConstraint(fields=["gtin", "product"], name="barcode_once_per_product"),
            models.CheckConstraint(condition=Q(gtin__regex="^[0-9]{14}$"), name="barcode_is_14_digits"),
        ]

    def __str__(self) -> str:
        return self.gtin


class Warehouse(models.Model):
    code = models.SlugField(_("code"), unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["code"]

    def __str__(self) -> str:
        return named(self)


class Stock(models.Model):
    """How much of an article a warehouse holds, in units; `reserved` of it belongs to placed orders."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="stock", verbose_name=_("article"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="stock", verbose_name=_("warehouse"))
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="stock_once_per_warehouse"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_never_below_zero"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand")), name="stock_reserved_is_there"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} @ {self.warehouse.code}: {self.on_hand - self.reserved}"


class CatalogueChange(models.Model):
    """A statement that changed what price lists say of articles. The sum of `changes` only grows: equal sums, equal catalogues.

    Rows are added and never changed, so writers never wait for one another; `services.merge_changes` adds them up.
    """

    changes = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.changes)


class Former(models.Model):
    """What something was before a change, and which transaction changed it: whoever read before that one was
    committed, read this. Kept by triggers.
    """

    transaction = models.BigIntegerField(db_index=True, help_text="pg_current_xact_id() of it")
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True


class FormerTerms(Former):
    """What of an article its price depends on, and its SKU."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)
    sku = models.CharField(max_length=80)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2)
    brand = models.ForeignKey(
        Brand, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return self.sku


class FormerPath(Former):
    """Where a category hung in the tree."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    path = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.path
