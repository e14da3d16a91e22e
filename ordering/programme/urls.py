"""Addresses of the programme."""

from django.urls import path

from . import api as api_views
from . import views

pages = [
    path("programme/", views.programme, name="programme"),
    path("programme/documents/", views.documents, name="documents"),
]
api = [path("discount/", api_views.DiscountView.as_view(), name="discount")]
