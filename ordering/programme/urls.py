"""Addresses of the programme."""

from django.urls import path

from . import api as api_views
from . import views
from .api import awards, drafts, programmes, simulations

pages = [
    path("programme/", views.programme, name="programme"),
    path("programme/documents/", views.documents, name="documents"),
    path("programme/simulations/<int:pk>/result/", views.simulation_result, name="simulation_result"),
]
api = [
    path("discount/", api_views.DiscountView.as_view(), name="discount"),
    path("programme/programmes/", programmes.ProgrammesView.as_view(), name="programmes"),
    path("programme/tiers-held/", programmes.TiersHeldView.as_view(), name="tiers-held"),
    path("programme/proposals/", awards.ProposalsView.as_view(), name="award-proposals"),
    path("programme/proposals/<int:pk>/approve/", awards.ApproveView.as_view(), name="award-approve"),
    path("programme/proposals/<int:pk>/refuse/", awards.RefuseView.as_view(), name="award-refuse"),
    path("programme/drafts/", drafts.DraftsView.as_view(), name="programme-drafts"),
    path("programme/drafts/<int:pk>/", drafts.DraftView.as_view(), name="programme-draft"),
    path("programme/drafts/<int:pk>/publish/", drafts.PublishDraftView.as_view(), name="programme-draft-publish"),
    path("programme/simulations/", simulations.SimulationsView.as_view(), name="simulations"),
    path("programme/simulations/<int:pk>/", simulations.SimulationView.as_view(), name="simulation"),
    path(
        "programme/simulations/<int:pk>/cancel/", simulations.SimulationCancelView.as_view(), name="simulation-cancel"
    ),
    path(
        "programme/simulations/<int:pk>/result/", simulations.SimulationResultView.as_view(), name="simulation-result"
    ),
]
