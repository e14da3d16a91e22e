"""The announcement of a new partner programme: drafted when it is published, for those whom it concerns.

The programme knows no pages and pages know no programme: here the one is told of in the other.
"""

from __future__ import annotations

import datetime as dt
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
from ordering.programme.models import Premium, Programme, Tier
from ordering.programme.queries import covered_by, covering
from ordering.programme.services import programme_published
from portal.lib.formats import day, money, percent
from portal.lib.text import named

LONGEST: Final = 120  # of an audience's name
LANGUAGES: Final = ("ru", "en")
ROLES: Final = tuple(role for role in Role if Right.VIEW_SALES in rights_of(role))


def announce(programme: Programme, by: Principal, **_signal: Any) -> list[NewsPage]:
    """Draft the announcement in every language of the portal. An editor reads it over and publishes it."""
    audience = concerned(programme, by)
    if audience is None:
        return []
    return draft_news(
        by=by,
        wordings={language: wording(programme, language) for language in LANGUAGES},
        audience=audience,
        topic=Topic.PROGRAMME,
        date=programme.validity.lower,
    )


def wording(programme: Programme, language: str) -> Wording:
    """What is said of it: from when, for what, how volume is counted, every tier and premium with its percents."""
    with override(language):
        return Wording(
            title=title_of(programme, language),
            lede=lede_of(programme, language),
            paragraphs=[
                _(
                    "Until that day your tier and discount stay as they are. On that day tiers are decided by the new rules."
                ),
                *beside_the_other(programme),
                *(
                    tier_in_words(tier, programme.currency, language)
                    for tier in programme.tiers.prefetch_related("exceptions__category", "exceptions__brand").order_by(
                        "threshold"
                    )
                ),
                *(
                    premium_in_words(premium, programme.currency, language)
                    for premium in programme.premiums.prefetch_related("slices")
                ),
                _("What your company has sold so far, and how far the next tier is, stands on the page “Programme”."),
            ],
        )


def title_of(programme: Programme, language: str) -> str:
    facts = {"day": day(programme.validity.lower), "brand": programme.brand}
    title = (
        _("New partner programme for %(brand)s from %(day)s")
        if programme.brand
        else _("New partner programme from %(day)s")
    ) % facts
    return f"{title}: {named(programme.region, language)}" if programme.region else title


def lede_of(programme: Programme, language: str) -> str:
    facts = {
        "day": day(programme.validity.lower),
        "name": named(programme, language),
        "brand": programme.brand,
    }
    if programme.brand:
        return _("From %(day)s your discount on articles of %(brand)s follows the programme “%(name)s”.") % facts
    return _("From %(day)s your discount follows the programme “%(name)s”.") % facts


def beside_the_other(programme: Programme) -> list[str]:
    if not programme.brand:
        return []
    text = _(
        "It counts and discounts articles of %(brand)s alone, beside the programme for all articles. Where both give a"
        " discount, the better one holds."
    )
    return [text % {"brand": programme.brand}]


def tier_in_words(tier: Tier, currency: str, language: str) -> str:
    words = _("%(tier)s: volume from %(amount)s without VAT, discount %(discount)s.") % {
        "tier": named(tier, language),
        "amount": money(tier.threshold, currency),
        "discount": percent(tier.discount, language=language),
    }
    others = ", ".join(
        f"{named(one.category, language) if one.category else one.brand} – {percent(one.discount, language=language)}"
        for one in tier.exceptions.all()
    )
    return f"{words} {_('Other discounts: %(others)s.') % {'others': others}}" if others else words


def premium_in_words(premium: Premium, currency: str, language: str) -> str:
    slices = ", ".join(
        _("from %(amount)s – %(percent)s")
        % {"amount": money(one.threshold, currency), "percent": percent(one.percent, language=language)}
        for one in sorted(premium.slices.all(), key=lambda one: one.threshold)
    )
    return _("Premium “%(premium)s”, %(period)s: %(slices)s. %(how)s.") % {
        "premium": named(premium, language),
        "period": str(premium.get_period_display()).lower(),
        "slices": slices,
        "how": premium.get_kind_display(),
    }


def concerned(programme: Programme, by: Principal) -> Audience | None:
    """Everybody who sees sales at the dealers whom the programme covers on its first day.

    By regions where these hold them all and nobody else: an audience of that name follows dealers who come and go. Else one
    of this programme alone, by the highest regions of its currency or by the dealers' names. None where only dealers of other
    currencies live there: an audience that names nobody would be everybody.
    """
    on = programme.validity.lower
    covered, nearer = set(covered_by(programme, covering(on))), nearer_regions(programme, on)
    inside = {
        pk: path
        for pk, path in Dealer.objects.filter(is_active=True).values_list("pk", "home_region__path")
        if in_any(path, [programme.region] if programme.region else None) and not in_any(path, nearer)
    }
    whole = inside.keys() <= covered
    if not whole and not covered:
        return None
    pure = [] if whole else regions_of(inside, covered)
    regions = [programme.region] if whole and programme.region else pure
    return audience_for(
        by=by,
        name=audience_name(programme, nearer, whole=whole),
        roles=[role.value for role in ROLES],
        regions=regions,
        excluded_regions=nearer if whole or pure else [],
        dealers=[] if whole or pure else list(Dealer.objects.filter(pk__in=covered)),
    )


def in_any(path: str, regions: list[Region] | None) -> bool:
    """Whether a place lies in one of the regions, each with its subtree; None: anywhere."""
    return regions is None or any(path.startswith(region.path) for region in regions)


def nearer_regions(programme: Programme, on: dt.date) -> list[Region]:
    """The regions below the programme's own whose programmes, of its currency and brand, run on a day: the highest of them."""
    others = Programme.objects.of_kind(programme).running_on(on)
    within = programme.region.path if programme.region else ""
    found = Region.objects.filter(pk__in=others.exclude(region=None).values("region"), path__startswith=within)
    highest: list[Region] = []
    for region in found.exclude(path=within).order_by("path"):
        if not in_any(region.path, highest):
            highest.append(region)
    return highest


def audience_name(programme: Programme, nearer: list[Region], *, whole: bool) -> str:
    """One name, in whichever language the publisher works: of the scope where that is what it holds, else of the programme."""
    with override(settings.LANGUAGE_CODE):
        name = _("Partner programme, %(currency)s") % {"currency": programme.currency}
        if programme.region:
            name += f", {named(programme.region, settings.LANGUAGE_CODE)}"
        if nearer:
            others = ", ".join(named(region, settings.LANGUAGE_CODE) for region in nearer)
            name += ", " + _("except %(regions)s") % {"regions": others}
        if whole and len(name) <= LONGEST:
            return name
        begins = day(programme.validity.lower)
        return f"{name[: LONGEST - len(begins) - len(programme.code) - 4]} · {programme.code} · {begins}"


def regions_of(inside: dict[int, str], covered: set[int]) -> list[Region]:
    """The highest regions that hold every covered dealer and no other; empty where there are no such.

    `inside`: dealer id → its home region's path, of those who live where the programme is for.
    """
    pure: list[Region] = []
    for region in Region.objects.order_by("path"):
        if in_any(region.path, pure):
            continue
        here = [pk for pk, path in inside.items() if path.startswith(region.path)]
        if here and all(pk in covered for pk in here):
            pure.append(region)
    return pure if all(in_any(inside[pk], pure) for pk in covered if pk in inside) else []


def connect() -> None:
    programme_published.connect(announce, dispatch_uid="portal.announce")
