"""Addresses of price management, under the admin's own door."""

from django.urls import path

from . import comparing, discarding, edits, grid, rules, saving

urls = [
    path("", grid.grid, name="grid"),
    path("save/", saving.save, name="save"),
    path("draft/<int:pk>/", saving.draft, name="draft"),
    path("edits/<int:pk>/", edits.edits, name="edits"),
    path("discard/<int:pk>/", discarding.discard, name="discard"),
    path("undo/<int:pk>/", saving.undo, name="undo"),
    path("rule/<int:pk>/", rules.rule, name="rule"),
    path("compare/", comparing.compare, name="compare"),
    path("article/<int:version_id>/<int:product_id>/", edits.article, name="article"),
]
