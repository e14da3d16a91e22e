"""Addresses of sales."""

from django.urls import path

from . import api as api_views
from . import views

pages = [path("sales/", views.sales_history, name="history")]
api = [path("sales/", api_views.SalesView.as_view(), name="sales")]
