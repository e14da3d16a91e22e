"""Price lists and the publishing of their versions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pghistory
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import audit
from search import feed

from ..enums import Scope
from ..errors import ListsOverlap, NoSuchPriceList, PriceListFixed, VersionPublished
from ..models import PriceList, PriceListVersion
from ..queries.discarded import gone, last_number

if TYPE_CHECKING:
    from accounts.principals import Principal


def publish_version(
    *, version: PriceListVersion, valid_from: dt.date, by: Principal, published_at: dt.datetime | None = None
) -> PriceListVersion:
    """Publish a draft: it holds from a day on, until the list's next published version where there is one.

    The version that held until then ends on that day; one that began on the very day never held. Prices of a published
    version never change.

    Raises VersionPublished for one already published, DraftGone for one thrown away, ListsOverlap when another list of
    the same scope and currency holds then, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="price list published"):
        price_list = PriceList.objects.select_for_update().get(pk=version.price_list_id)
        version = locked_version(version.pk)
        if version.published_at:
            raise VersionPublished(
                _("Version %(number)s is published already. Make a new one.") % {"number": version.number}
            )
        end = _make_room(version, valid_from)
        version.validity, version.published_at = DateRange(valid_from, end), published_at or timezone.now()
        try:
            with transaction.atomic():
                version.save(update_fields=["validity", "published_at"])
        except IntegrityError as error:
            if "published_lists_no_overlap" not in str(error):
                raise
            # Somebody published another list of this scope since we looked.
            raise ListsOverlap(
                _("Another list of this scope and currency was published just now. Look again.")
            ) from error
        feed.mark_found("product", version.prices.values_list("product_id", flat=True))
        audit(
            by=by,
            verb="prices.published",
            subject=f"{price_list.code} {version.number}",
            dealer_id=price_list.dealer_id,
            valid_from=valid_from.isoformat(),
            prices=version.prices.count(),
        )
    return version


def _make_room(version: PriceListVersion, start: dt.date) -> dt.date | None:
    """End what holds on the day; returns the day on which the list's next version begins."""
    end: dt.date | None = None
    rivals = (
        PriceListVersion.objects.published()
        .filter(scope_key=version.scope_key, validity__overlap=DateRange(start, None))
        .select_related("price_list")
        .order_by("validity")
    )
    for rival in rivals:
        since = rival.validity.lower
        if rival.price_list_id != version.price_list_id:
            if end is None or since is None or since < end:
                raise ListsOverlap(
                    _(
                        "The list “%(name)s” holds then for the same dealers and currency. Publish a new version of it instead."
                    )
                    % {"name": rival.price_list},
                    price_list=rival.price_list.code,
                )
        elif since is not None and since > start:
            end = min(end or since, since)
        else:
            rival.validity = DateRange(empty=True) if since == start else DateRange(since, start)
            rival.save(update_fields=["validity"])
            # An article that the new version leaves out has lost its price.
            feed.mark_found("product", rival.prices.values_list("product_id", flat=True))
    return end


def withdraw_version(*, version: PriceListVersion, today: dt.date, by: Principal) -> PriceListVersion:
    """Take back a published version before its first day: it never holds, and the one before it holds on in its place.

    A version that it replaced on the very same first day stays replaced. Raises VersionPublished for one that holds
    already, or never will, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="price list withdrawn"):
        price_list = PriceList.objects.select_for_update().get(pk=version.price_list_id)
        version = locked_version(version.pk)
        since, until = version.since, version.until
        if not version.published_at or since is None or since <= today:
            raise VersionPublished(
                _("Only a published version that has not begun is taken back. Publish a new one instead.")
            )
        version.validity = DateRange(empty=True)
        version.save(update_fields=["validity"])
        feed.mark_found("product", version.prices.values_list("product_id", flat=True))
        before = price_list.versions.published().filter(validity__endswith=since).first()
        if before:
            before.validity = DateRange(before.since, until)
            before.save(update_fields=["validity"])
        audit(
            by=by,
            verb="prices.withdrawn",
            subject=f"{price_list.code} {version.number}",
            dealer_id=price_list.dealer_id,
            valid_from=since.isoformat(),
        )
    return version


def base_list(*, currency: str) -> PriceList:
    """The base list of a currency, made where absent."""
    lists = PriceList.objects.filter(scope=Scope.BASE, currency=currency).annotate(last=Max("versions__published_at"))
    found = lists.order_by("-last", "code").first()
    if found:
        return found
    return PriceList.objects.create(
        code=f"base-{currency.lower()}",
        name_ru=f"Базовый прайс, {currency}",
        name_en=f"Base price list, {currency}",
        currency=currency,
    )


def list_by_code(code: str) -> PriceList:
    """The list with this code. Raises NoSuchPriceList, naming those there are."""
    try:
        return PriceList.objects.get(code=code)
    except PriceList.DoesNotExist:
        known = ", ".join(PriceList.objects.order_by("code").values_list("code", flat=True)[:20]) or "–"
        raise NoSuchPriceList(
            _("There is no price list “%(code)s”. There are: %(known)s.") % {"code": code, "known": known}
        ) from None


def save_price_list(*, price_list: PriceList, by: Principal) -> PriceList:
    """Keep a new list, or a list's new names. A list with published versions keeps its scope, currency and tax.

    Raises PriceListFixed when it would not, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    try:
        with transaction.atomic(), pghistory.context(**by.as_context(), reason="price list saved"):
            price_list.save()
            audit(by=by, verb="price_list.saved", subject=price_list.code, dealer_id=price_list.dealer_id)
    except IntegrityError as error:
        if "price_list_scope_is_whole" in str(error):
            raise PriceListFixed(
                _("Name the region for a region's list, the dealer for a dealer's, neither for everyone's.")
            ) from error
        if "never change" in str(error):
            raise PriceListFixed(
                _("This list has published versions: its scope, currency and tax stay. Make another list.")
            ) from error
        raise
    return price_list


def new_version(*, price_list: PriceList, source: str) -> PriceListVersion:
    """An empty draft with the list's next number. Call with the list's row locked."""
    number = last_number(price_list) + 1
    return PriceListVersion.objects.create(price_list=price_list, number=number, source=source[:200])


def locked_version(version_id: int) -> PriceListVersion:
    """The version, nobody else's until the transaction ends. Raises DraftGone for one that was thrown away."""
    version = PriceListVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise gone(version_id)
    return version
