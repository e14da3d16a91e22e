"""Shared reads of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.enums import Right
from accounts.principals import Principal
from portal.lib import skus

if TYPE_CHECKING:
    from .models import Brand, Category, Product  # noqa: F401 (named in strings)


class CategoryQuerySet(models.QuerySet["Category"]):
    def within(self, category: Category) -> CategoryQuerySet:
        """The category and everything below it."""
        return self.filter(path__startswith=category.path)

    def called(self, words: Iterable[str]) -> CategoryQuerySet:
        """Those with one of these codes, or of these names in either language."""
        named = Q(pk__in=[])
        for word in words:
            named |= Q(code=word) | Q(name_ru__iexact=word) | Q(name_en__iexact=word)
        return self.filter(named)


class BrandQuerySet(models.QuerySet["Brand"]):
    def called(self, words: Iterable[str]) -> BrandQuerySet:
        """Those with one of these codes or names."""
        named = Q(pk__in=[])
        for word in words:
            named |= Q(code=word) | Q(name__iexact=word)
        return self.filter(named)


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, principal: Principal) -> ProductQuerySet:
        """Every article, for whoever may see articles at all; nothing for a stranger."""
        return self.all() if principal.may(Right.VIEW_ARTICLES) else self.none()

    def with_listing(self) -> ProductQuerySet:
        """With what a row of a list shows: brand, category and successor."""
        return self.select_related("brand", "category", "successor")

    def by_sku(self, values: Iterable[str]) -> ProductQuerySet:
        """The articles with these SKUs, compared without case."""
        return self.filter(sku_key__in=[skus.key(value) for value in values])
