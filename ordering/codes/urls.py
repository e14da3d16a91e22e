"""Addresses of a dealer's own codes."""

from django.urls import path

from . import api as calls
from . import views

pages = [
    path("own-codes/", views.code_list, name="list"),
    path("own-codes/export/", views.export, name="export"),
    path("own-codes/forget/", views.forget_all, name="forget-all"),
    path("own-codes/<int:code_id>/forget/", views.forget, name="forget"),
]

api = [
    path("own-codes/", calls.OwnCodesView.as_view(), name="own-codes"),
    path("own-codes/<int:code_id>/", calls.OwnCodeView.as_view(), name="own-code"),
]
