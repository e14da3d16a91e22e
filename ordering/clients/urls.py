"""Addresses of the client base."""

from django.urls import path

from . import api as calls
from . import views

pages = [
    path("clients/", views.client_list, name="list"),
    path("clients/check/", views.check, name="check"),
    path("clients/new/", views.new_client, name="new"),
    path("clients/<int:row_id>/", views.edit, name="edit"),
    path("clients/register/", views.register, name="register"),
]

api = [
    path("clients/", calls.ClientsView.as_view(), name="clients"),
    path("clients/check/", calls.ClientCheckView.as_view(), name="clients-check"),
    path("clients/registrations/", calls.RegistrationsView.as_view(), name="clients-registrations"),
]
