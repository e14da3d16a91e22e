"""Addresses of prices."""

from django.urls import path

from . import api as api_views
from . import views

pages = [
    path("price-list/", views.price_list, name="price-list"),
    path("prices/<sku:sku>/", views.price, name="price"),
]
api = [
    path("products/<sku:sku>/price/", api_views.ProductPriceView.as_view(), name="product-price"),
    path("price-list/", api_views.PriceListView.as_view(), name="price-list"),
]
