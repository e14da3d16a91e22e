"""The root of `/api/v1/`: what joins rooms, and each room's own `urls.api`."""

from django.urls import URLPattern, path

import accounts.urls
import content.urls
import ordering.clients.urls
import ordering.codes.urls
import ordering.orders.urls
import ordering.pricing.urls
import ordering.programme.urls
import ordering.sales.urls

from . import products, schema, search

api: list[URLPattern] = [
    path("schema/", schema.SchemaView.as_view(), name="schema"),
    path("docs/", schema.DocsView.as_view(), name="docs"),
    path("products/", products.ProductListView.as_view(), name="products"),
    path("price-list/found/", products.FoundPriceListView.as_view(), name="price-list-found"),
    path("products/<sku:sku>/", products.ProductView.as_view(), name="product"),
    path("search/", search.SearchView.as_view(), name="search"),
    path("search/clicks/", search.ClicksView.as_view(), name="search-clicks"),
    path("suggest/", search.SuggestView.as_view(), name="suggest"),
    path("suggest/past/", search.PastQuestionsView.as_view(), name="past-questions"),
    *accounts.urls.api,
    *ordering.clients.urls.api,
    *ordering.codes.urls.api,
    *ordering.sales.urls.api,
    *ordering.programme.urls.api,
    *ordering.pricing.urls.api,
    *ordering.orders.urls.api,
    *content.urls.api,
]
