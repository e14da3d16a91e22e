"""Addresses of the programme."""

from django.urls import path

from . import api as api_views
from . import views

pages = [
    path("programme/", views.programme, name="programme"),
    path("programme/documents/", views.documents, name="documents"),
    path("programme/simulations/<int:pk>/result/", views.simulation_result, name="simulation_result"),
]
api = [path("discount/", api_views.DiscountView.as_view(), name="discount")]
