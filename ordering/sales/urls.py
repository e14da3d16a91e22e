"""Addresses of sales."""

from django.urls import path

from . import api as api_views
from . import views
from .api import entries

pages = [path("sales/", views.sales_history, name="history")]
api = [
    path("sales/", api_views.SalesView.as_view(), name="sales"),
    path("sales/entries/", entries.EntriesView.as_view(), name="ledger-entries"),
]
