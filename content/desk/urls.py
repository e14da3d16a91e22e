"""Addresses of the editors' screens about search, under the admin's own door."""

from django.urls import path

from . import synonyms, vain

urls = [
    path("reports/searched-in-vain/", vain.searched_in_vain, name=vain.HOME),
    path("reports/searched-in-vain/undo/<int:pk>/", vain.undo, name="content_remedy_undo"),
    *[
        path(f"reports/searched-in-vain/{kind}/", vain.remedy, {"kind": kind}, name=f"content_remedy_{kind}")
        for kind in vain.SCREENS
    ],
    path("desk/synonyms-import/", synonyms.import_list, name="content_synonyms_import"),
    path("desk/synonyms-starters/", synonyms.begin_with_starters, name="content_synonyms_starters"),
    path("desk/synonyms-history/", synonyms.history, name="content_synonyms_history"),
]
