"""The announcement of a new partner programme: drafted when it is published, for those whom it concerns.

The programme knows no pages and pages know no programme: here the one is told of in the other.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import Right, Role
from accounts.models import Audience, Dealer, Region
from accounts.principals import Principal
from accounts.rules import rights_of
from accounts.services import audience_for
from content.enums import Topic
from content.models import NewsPage
from content.services import Wording, draft_news
from ordering.programme.models import Programme, Tier
from ordering.programme.services import programme_published
from portal.lib.formats import day, money, percent
from portal.lib.text import named

LANGUAGES: Final = ("ru", "en")
ROLES: Final = tuple(role for role in Role if Right.VIEW_SALES in rights_of(role))


def announce(programme: Programme, by: Principal, **_signal: Any) -> list[NewsPage]:
    """Draft the announcement in every language of the portal. An editor reads it over and publishes it."""
    return draft_news(
        by=by,
        wordings={language: wording(programme, language) for language in LANGUAGES},
        audience=concerned(programme, by),
        topic=Topic.PROGRAMME,
        date=programme.validity.lower,
    )


def wording(programme: Programme, language: str) -> Wording:
    """What is said of it: from when, how volume is counted, and every tier with its threshold and discount."""
    with override(language):
        begins, name = day(programme.validity.lower), named(programme, language)
        tiers = list(programme.tiers.order_by("threshold"))
        return Wording(
            title=_("New partner programme from %(day)s") % {"day": begins},
            lede=_("From %(day)s your discount follows the programme “%(name)s”.") % {"day": begins, "name": name},
            paragraphs=[
                _(
                    "Until that day your tier and discount stay as they are. On that day tiers are decided by the new rules."
                ),
                *(tier_in_words(tier, programme.currency, language) for tier in tiers),
                _("What your company has sold so far, and how far the next tier is, stands on the page “Programme”."),
            ],
        )


def tier_in_words(tier: Tier, currency: str, language: str) -> str:
    return _("%(tier)s: volume from %(amount)s without VAT, discount %(discount)s.") % {
        "tier": named(tier, language),
        "amount": money(tier.threshold, currency),
        "discount": percent(tier.discount, language=language),
    }


def concerned(programme: Programme, by: Principal) -> Audience:
    """Everybody who sees sales at the dealers whose currency the programme counts in."""
    dealers = Dealer.objects.filter(is_active=True)
    everyone = not dealers.exclude(currency=programme.currency).exists()
    regions = [] if everyone else regions_of(programme.currency)
    narrowed = everyone or bool(regions)
    return audience_for(
        by=by,
        name=audience_name(programme.currency),
        roles=[role.value for role in ROLES],
        regions=regions,
        dealers=[] if narrowed else list(dealers.filter(currency=programme.currency)),
    )


def audience_name(currency: str) -> str:
    """One name, in whichever language the publisher works."""
    with override(settings.LANGUAGE_CODE):
        return _("Partner programme, %(currency)s") % {"currency": currency}


def regions_of(currency: str) -> list[Region]:
    """The highest regions that hold every dealer of the currency and none of another; empty where there are no such."""
    sold: dict[str, set[str]] = {}
    for path, told in Dealer.objects.filter(is_active=True).values_list("home_region__path", "currency"):
        sold.setdefault(path, set()).add(told)
    pure: list[Region] = []
    for region in Region.objects.order_by("path"):
        if any(region.path.startswith(above.path) for above in pure):
            continue
        inside = [told for path, told in sold.items() if path.startswith(region.path)]
        if inside and all(told == {currency} for told in inside):
            pure.append(region)
    covered = all(
        any(path.startswith(region.path) for region in pure) for path, told in sold.items() if currency in told
    )
    return pure if covered else []


def connect() -> None:
    programme_published.connect(announce, dispatch_uid="portal.announce")
