"""Every page. Each room names its own in its `urls.pages`; the API's root is `portal.api.urls`."""

from django.conf import settings
from django.urls import include, path

import accounts.urls
import content.urls
import ordering.clients.urls
import ordering.codes.urls
import ordering.orders.urls
import ordering.pricing.urls
import ordering.programme.urls
import ordering.sales.urls
import portal.api.urls
from portal.views import frame, pages, search, styleguide

portal_pages = [
    path("", pages.dashboard, name="dashboard"),
    path("catalogue/", pages.catalogue_page, name="catalogue"),
    path("price-list/found/", pages.found_price_list, name="found-price-list"),
    path("catalogue/<sku:sku>/", pages.article_view, name="article"),
    path("catalogue/<sku:sku>/picture/", pages.picture, name="picture"),
    path("search/", search.search_page, name="search"),
    path("suggest/", search.suggest, name="suggest"),
    path("suggest/forget/", search.forget_past, name="forget-past"),
    path("health/", frame.health, name="health"),
]
if settings.DEMO:
    portal_pages.append(path("styleguide/", styleguide.styleguide, name="styleguide"))

urlpatterns = [
    path("", include((portal_pages, "portal"))),
    path("", include((accounts.urls.pages, "accounts"))),
    path("", include((ordering.clients.urls.pages, "clients"))),
    path("", include((ordering.codes.urls.pages, "codes"))),
    path("", include((ordering.sales.urls.pages, "sales"))),
    path("", include((ordering.programme.urls.pages, "programme"))),
    path("", include((ordering.pricing.urls.pages, "pricing"))),
    path("", include((ordering.orders.urls.pages, "orders"))),
    path("", include((content.urls.pages, "content"))),
    path("api/v1/", include((portal.api.urls.api, "api"))),
    path("cms/", include(content.urls.cms)),
]

handler400 = "portal.views.frame.bad_request"
handler403 = "portal.views.frame.forbidden"
handler404 = "portal.views.frame.not_found"
handler500 = "portal.views.frame.broken"
