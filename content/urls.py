"""Addresses of the knowledge: pages, the read API, and the guarded Wagtail admin."""

from typing import Any

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtail_admin
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import api as rest
from . import views

pages = [
    path("knowledge/", views.knowledge, name="knowledge"),
    path("knowledge/-/<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("knowledge/-/<int:pk>/feedback/", views.feedback, name="feedback"),
    path("knowledge/<path:path>/", views.page_at, name="page"),
    path("media-private/images/<int:pk>/", rest.ImageFile.as_view(), name="image"),
    path("media-private/documents/<int:pk>/", rest.DocumentFile.as_view(), name="document"),
]

api = [
    path("pages/", rest.PageList.as_view(), name="pages"),
    path("pages/<int:pk>/", rest.PageDetail.as_view(), name="page"),
    path("pages/<int:pk>/feedback/", rest.PageFeedback.as_view(), name="page-feedback"),
    path("pages/<int:pk>/acknowledge/", rest.PageAcknowledge.as_view(), name="page-acknowledge"),
    path("guides/", rest.GuideList.as_view(), name="guides"),
    path("news/", rest.NewsList.as_view(), name="news"),
    path("preview/<str:token>/", rest.Preview.as_view(), name="preview"),
]

# The Wagtail admin, behind our own door. Its sign-in, password reset, people and groups are closed by accounts.urls, which
# stands before this; here go the screens about oneself (the profile has one home) and the privacy of pages (the audience).
cms: list[Any] = [
    path("account/", views.to_profile),
    path("pages/<int:pk>/privacy/", views.closed),
    # Files are private by their pages, there is one site, and pages are published without rounds of approval.
    re_path(r"^(?:collections/\d+/privacy|sites|workflows)/", views.closed),
    path("", include(decorate_urlpatterns(wagtail_admin.urlpatterns, views.head_office_door))),
]
