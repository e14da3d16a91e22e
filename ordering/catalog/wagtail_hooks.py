"""The catalogue on the head office's desk: articles with their descriptions, the tree, attributes, stock."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSetGroup

from accounts.admin import DeskViewSet
from accounts.enums import Right
from accounts.principals import Principal

from . import services
from .models import Attribute, Brand, Category, Product, Stock, Warehouse

READERS = (Right.READ_FIGURES, Right.MANAGE_ORDERS, Right.MANAGE_PRICES, Right.EDIT_CONTENT)


class ProductViewSet(DeskViewSet):
    """The ERP owns the facts of an article; editors own what is written and shown about it."""

    model = Product
    icon = "tag"
    menu_label = _("Articles")
    read, write, actions = READERS, (Right.EDIT_CONTENT,), ("change",)
    list_display = ["sku", "mpn", "name_ru", "name_en", "brand", "category", "state"]
    list_filter = ["state", "brand", "category", "backorder"]
    search_fields = ["sku", "mpn", "name_ru", "name_en"]
    list_export = ["sku", "mpn", "name_ru", "name_en", "brand", "category", "unit", "pack", "tax_rate", "state"]
    export_filename = "articles"
    panels = [
        FieldRowPanel([FieldPanel("sku", read_only=True), FieldPanel("state", read_only=True)]),
        FieldRowPanel([FieldPanel("name_ru", read_only=True), FieldPanel("name_en", read_only=True)]),
        MultiFieldPanel([FieldPanel("description_ru"), FieldPanel("description_en")], heading=_("Description")),
        FieldPanel("picture"),
    ]

    def save(self, form: Any, by: Principal) -> Product:
        return services.describe_product(by=by, product=form.instance)


class CategoryViewSet(DeskViewSet):
    model = Category
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    read, write, actions = READERS, (Right.EDIT_CONTENT,), ("change",)
    form_fields = ["name_ru", "name_en", "position"]
    list_display = ["__str__", "code", "parent", "position"]
    ordering = ["path"]
    search_fields = ["code", "name_ru", "name_en"]
    list_export = ["code", "name_ru", "name_en", "parent", "position"]
    export_filename = "categories"

    def save(self, form: Any, by: Principal) -> Category:
        return services.name_category(by=by, category=form.instance)


class AttributeViewSet(DeskViewSet):
    model = Attribute
    icon = "list-ul"
    menu_label = _("Attributes")
    read, write, actions = READERS, (Right.EDIT_CONTENT,), ("add", "change")
    form_fields = ["code", "name_ru", "name_en", "unit_ru", "unit_en", "position"]
    list_display = ["code", "name_ru", "name_en", "unit_ru", "unit_en", "position"]
    search_fields = ["code", "name_ru", "name_en"]

    def save(self, form: Any, by: Principal) -> Attribute:
        return services.name_attribute(by=by, attribute=form.instance)


class BrandViewSet(DeskViewSet):
    model = Brand
    icon = "pick"
    menu_label = _("Brands")
    read = READERS
    form_fields = ["name", "code"]
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    list_export = ["code", "name"]
    export_filename = "brands"
    inspect_view_enabled = True


class WarehouseViewSet(DeskViewSet):
    model = Warehouse
    icon = "home"
    menu_label = _("Warehouses")
    read = READERS
    form_fields = ["code", "name_ru", "name_en", "region"]
    list_display = ["__str__", "code", "region"]
    inspect_view_enabled = True


class StockViewSet(DeskViewSet):
    model = Stock
    icon = "table"
    menu_label = _("Stock")
    read = READERS
    form_fields = ["product", "warehouse", "on_hand", "reserved"]
    list_display = ["product", "warehouse", "on_hand", "reserved", "updated_at"]
    list_filter = ["warehouse"]
    search_fields = ["product__sku", "product__name_ru", "product__name_en"]
    list_export = ["product", "warehouse", "on_hand", "reserved", "updated_at"]
    export_filename = "stock"
    inspect_view_enabled = True


class CatalogueGroup(ModelViewSetGroup):
    menu_label = _("Catalogue")
    menu_icon = "tag"
    menu_order = 310
    items = (ProductViewSet, CategoryViewSet, AttributeViewSet, BrandViewSet, WarehouseViewSet, StockViewSet)


@hooks.register("register_admin_viewset")
def catalogue_desk() -> CatalogueGroup:
    return CatalogueGroup()
