"""Lists in pages, for the API and for people."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param


class PortalPagination(PageNumberPagination):
    """`count, next, previous, results`; `page` and `page_size` of at most 100."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class PageSerializer(serializers.Serializer[Any]):
    """The shape of a page of `PortalPagination`; what is below adds `results`."""

    count = serializers.IntegerField(help_text="of all pages")
    next = serializers.CharField(allow_null=True, help_text="address of the next page")
    previous = serializers.CharField(allow_null=True)


def page_of(rows: QuerySet[Any] | list[Any], number: str | int | None, size: int = 25) -> Page[Any]:
    """The page with this number; the nearest that exists when there is none such."""
    return Paginator(rows, size).get_page(number)


class Counted(Page[Any]):
    """A page of rows that something else has already cut out and counted (a search engine): shown like any other page."""

    def __init__(self, rows: list[Any], *, total: int, number: int, size: int) -> None:
        paginator: Paginator[Any] = Paginator(_Rows(total), size)
        super().__init__(rows, number, paginator)


class _Rows(list[Any]):
    """So many rows, none of them here."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def __len__(self) -> int:
        return self._count


def envelope(request: Request, *, count: int, page: int, size: int) -> dict[str, Any]:
    """`count, next, previous` of a list that something else has cut out and counted."""

    def address(number: int) -> str:
        return replace_query_param(request.build_absolute_uri(), PortalPagination.page_query_param, number)

    return {
        "count": count,
        "next": address(page + 1) if page * size < count else None,
        "previous": address(page - 1) if page > 1 else None,
    }
