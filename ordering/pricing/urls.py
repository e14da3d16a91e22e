"""Addresses of prices."""

from django.urls import path

from . import api as api_views
from . import views
from .api import deals, files, lists

VERSION = "price-lists/<slug:code>/versions/<int:number>/"

pages = [
    path("price-list/", views.price_list, name="price-list"),
    path("price-list/files/", views.ask_file, name="ask-file"),
    path("price-list/files/<int:pk>/", views.file_state, name="file"),
    path("price-list/files/<int:pk>/content/", views.file_content, name="file-content"),
    path("price-list/files/<int:pk>/cancel/", views.cancel_file, name="file-cancel"),
    path("prices/<sku:sku>/", views.price, name="price"),
]
api = [
    path("products/<sku:sku>/price/", api_views.ProductPriceView.as_view(), name="product-price"),
    path("price-list/version/", files.PriceVersionView.as_view(), name="price-list-version"),
    path("price-list/files/", files.PriceFilesView.as_view(), name="price-list-files"),
    path("price-list/files/<int:pk>/", files.PriceFileView.as_view(), name="price-list-file"),
    path("price-list/files/<int:pk>/content/", files.PriceFileContentView.as_view(), name="price-list-file-content"),
    path("price-list/", files.PriceListView.as_view(), name="price-list"),
    path("contracts/", deals.ContractListView.as_view(), name="contracts"),
    path("contracts/<int:pk>/", deals.ContractView.as_view(), name="contract"),
    path("contracts/<int:pk>/publish/", deals.ContractPublishView.as_view(), name="contract-publish"),
    path("contracts/<int:pk>/end/", deals.ContractEndView.as_view(), name="contract-end"),
    path("promotions/", deals.PromotionListView.as_view(), name="promotions"),
    path("promotions/<int:pk>/", deals.PromotionView.as_view(), name="promotion"),
    path("promotions/<int:pk>/publish/", deals.PromotionPublishView.as_view(), name="promotion-publish"),
    path("promotions/<int:pk>/end/", deals.PromotionEndView.as_view(), name="promotion-end"),
    path("price-lists/", lists.PriceListsView.as_view(), name="price-lists"),
    path("price-lists/<slug:code>/versions/", lists.PriceListVersionsView.as_view(), name="price-list-versions"),
    path(VERSION, lists.DraftView.as_view(), name="version-discard"),
    path(f"{VERSION}changes/", lists.VersionChangesView.as_view(), name="version-changes"),
    path(f"{VERSION}publish/", lists.VersionPublishView.as_view(), name="version-publish"),
    path(f"{VERSION}withdraw/", lists.VersionWithdrawView.as_view(), name="version-withdraw"),
]
