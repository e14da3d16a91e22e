"""The sales page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import PortalRequest, page
from accounts.enums import Right
from portal.lib.clock import business_date
from portal.lib.paging import page_of

from .enums import GroupBy
from .errors import PeriodNotUnderstood
from .forms import SalesQuestion, Span, read_question
from .periods import Period, month_of
from .queries import history, last_entry_date
from .tables import change, cut_row, month_columns


@page(Right.VIEW_SALES)
def sales_history(request: PortalRequest) -> HttpResponse:
    """What the company bought: four figures, months beside those compared, and what they are made of."""
    today = business_date()
    try:
        question = read_question(request.GET.dict(), today=today)
    except PeriodNotUnderstood as error:
        messages.warning(request, str(error))
        return redirect("sales:history")
    principal = request.principal
    passed = question.period.until(today + Period.DAY)
    months = history(principal, question.period.start, question.period.end, compared=question.beside(question.period))
    cut = history(principal, passed.start, passed.end, question.cut, compared=question.beside(passed))
    running = Period(month_of(today), today + Period.DAY)
    month = history(principal, running.start, running.end)
    rows = page_of(list(cut.rows), request.GET.get("page"))
    context = {
        "question": question,
        "currency": cut.currency,
        "cut": cut,
        "month": month,
        "today": today,
        "is_empty": not (cut.rows or months.totals.documents or months.compared_totals.documents),
        "up_to": last_entry_date(principal),
        "sees_all": principal.may(Right.VIEW_ALL_DEALER_ORDERS) or principal.may(Right.READ_FIGURES),
        "columns": month_columns(months.rows, today=today),
        "changes": {
            "net": change(cut.totals.net, cut.compared_totals.net),
            "month": change(month.totals.net, month.compared_totals.net),
            "articles": change(cut.totals.articles, cut.compared_totals.articles),
            "average": change(cut.totals.average, cut.compared_totals.average),
        },
        "page": rows,
        "rows": [cut_row(row, cut.totals.net) for row in rows.object_list],
        "spans": spans(question),
        "cuts": cuts(question),
        **labels(question),
    }
    return render(request, "sales/history.html", context)


def address(question: SalesQuestion, **changes: str) -> str:
    """The page's own address with something asked otherwise."""
    asked = {"period": question.span.value, "compare": question.compare.value, "by": question.cut.value}
    if question.span is Span.OWN:
        asked |= {"from": question.period.start.isoformat(), "to": question.period.last_day.isoformat()}
    return f"?{urlencode(asked | changes)}"


def spans(question: SalesQuestion) -> list[tuple[str, str, bool]]:
    """The periods offered: (words, address, is the present one)."""
    words = {
        Span.YEAR: _("This year"),
        Span.QUARTER: _("Quarter"),
        Span.MONTHS: _("12 months"),
        Span.OWN: _("Own period"),
    }
    period = {"from": question.period.start.isoformat(), "to": question.period.last_day.isoformat()}
    return [
        (text, address(question, period=span.value, **(period if span is Span.OWN else {})), span is question.span)
        for span, text in words.items()
    ]


def cuts(question: SalesQuestion) -> list[tuple[str, str, bool]]:
    """The breakdowns offered."""
    words = {GroupBy.CATEGORY: _("Categories"), GroupBy.PRODUCT: _("Articles"), GroupBy.CLIENT: _("Clients")}
    return [(text, address(question, by=cut.value), cut is question.cut) for cut, text in words.items()]


def labels(question: SalesQuestion) -> dict[str, Any]:
    """The words of the two periods: years where they are years."""
    beside = question.beside(question.period)
    if question.span is Span.YEAR:
        return {"now_label": str(question.period.start.year), "then_label": str(beside.start.year)}
    return {"now_label": pgettext("a period", "now"), "then_label": pgettext("a period", "before")}
