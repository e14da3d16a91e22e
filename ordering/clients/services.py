"""Writes of the client base."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.models import Dealer, Membership
from accounts.principals import Principal
from accounts.services import audit
from portal.lib.clock import business_date
from portal.lib.errors import Invalid, Missing, NotAllowed
from portal.lib.text import sort_key
from search import feed

from .enums import RegistrationState
from .errors import ChecksUsedUp, ClientListed, ClientTaken, TooManyClaims
from .models import Client, ClientCheck, DealerClient, Registration
from .queries import answer_about, checks_left, recognise
from .rules import CHECKS_A_DAY, LONGEST_CLAIM, MOST_UNDER_REVIEW, clues, domain_key, phone_key, tax_id

FACTS = ("name", "tax_id", "town", "phone", "email", "domain")


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What a dealer says of a company."""

    name: str
    tax_id: str = ""
    town: str = ""
    phone: str = ""
    email: str = ""
    domain: str = ""

    def mended(self) -> ClientFacts:
        """As they are kept. Raises Invalid for a missing name, BadTaxId."""
        name = " ".join(self.name.split())
        if not name:
            raise Invalid(_("Give the client's name."), field="name")
        return replace(
            self,
            name=name[:200],
            tax_id=tax_id(self.tax_id),
            town=" ".join(self.town.split())[:100],
            phone=phone_key(self.phone)[:30],
            email=self.email.strip()[:254],
            domain=domain_key(self.domain)[:120],
        )

    def columns(self) -> dict[str, str]:
        """As a card, and the network's identity of a new company, keep them."""
        return {name: getattr(self, name) for name in FACTS} | {"sort_key": sort_key(self.name)}


def own_dealer(by: Principal) -> int:
    """The dealer the actor acts for. Raises NotAllowed for whoever acts for none."""
    if by.dealer_id is None:
        raise NotAllowed(_("Clients are a dealer's. Act for a dealer first."))
    return by.dealer_id


def add_client(*, by: Principal, facts: ClientFacts, note: str = "", on: dt.date) -> DealerClient:
    """Puts a client on the dealer's list, in the dealer's own words. Whether the network knows the company already makes no
    difference that the dealer could see.

    Raises Invalid, BadTaxId, ClientListed when it is there already; then nothing changed.
    """
    by.require(Right.EDIT_CLIENTS)
    dealer_id, facts = own_dealer(by), facts.mended()
    with transaction.atomic():
        return _listed(by, dealer_id, _known_or_new(facts), facts, on, note)


def _known_or_new(facts: ClientFacts) -> Client:
    """The network's company with this tax id, locked and unchanged; else a new one with these facts."""
    if not facts.tax_id:
        return Client.objects.create(**facts.columns())
    companies = Client.objects.select_for_update()
    return companies.get_or_create(tax_id=facts.tax_id, defaults=facts.columns())[0]


def _listed(
    by: Principal, dealer_id: int, client: Client, facts: ClientFacts, on: dt.date, note: str = ""
) -> DealerClient:
    seller = by.membership_id if not by.may(Right.VIEW_ALL_DEALER_ORDERS) else None
    card = {**facts.columns(), "since": on, "note": note[:500], "seller_id": seller}
    row, is_new = DealerClient.objects.get_or_create(dealer_id=dealer_id, client=client, defaults=card)
    if not is_new:
        raise _already(row)
    feed.mark("client", [row.pk])
    audit(by=by, verb="client.added", subject=f"client {row.pk}")
    return row


def _already(row: DealerClient) -> ClientListed:
    return ClientListed(_("%(name)s is on your list already.") % {"name": row.name}, field="tax_id", id=row.pk)


def edit_client(*, by: Principal, row_id: int, facts: ClientFacts, note: str = "") -> DealerClient:
    """Changes the dealer's own card. Nobody else's card changes, and nothing tells whether anybody else has one.

    Raises Missing for another dealer's, Invalid, BadTaxId, ClientListed when another card of the dealer has this tax id;
    then nothing changed.
    """
    by.require(Right.EDIT_CLIENTS)
    facts = facts.mended()
    with transaction.atomic():
        row = _own_row(by, row_id)
        changed = [name for name in FACTS if getattr(row, name) != getattr(facts, name)]
        former, row.client = row.client_id, _company_of(row, facts)
        columns = {**facts.columns(), "note": note[:500]}
        for name, value in columns.items():
            setattr(row, name, value)
        row.save(update_fields=["client", *columns])
        if former != row.client_id:
            _forget(former)
        feed.mark("client", [row.pk])
        audit(by=by, verb="client.changed", subject=f"client {row.pk}", changed=changed)
    return row


def _company_of(row: DealerClient, facts: ClientFacts) -> Client:
    """The company that the card with these facts is of. It follows the facts while the card is the only one.

    Another tax id is another company: a claim on the former one does not move to it.
    """
    if facts.tax_id != row.tax_id:
        company = _known_or_new(facts)
        if own := company.dealers.filter(dealer=row.dealer_id).first():
            raise _already(own)
        return company
    company = Client.objects.select_for_update().get(pk=row.client_id)  # whoever is adding it meanwhile waits
    if not company.dealers.exclude(pk=row.pk).exists():
        for name, value in facts.columns().items():
            setattr(company, name, value)
        company.save()
    return company


def _forget(client_id: int) -> None:
    """Takes a company out of the network that is on no list and under no claim any more: else a tax id once mistyped would
    go on being recognised by the phone or web site of the right one."""
    company = Client.objects.select_for_update().get(pk=client_id)
    if not company.dealers.exists() and not company.registrations.exists():
        company.delete()


def _own_row(by: Principal, row_id: int) -> DealerClient:
    rows = DealerClient.objects.visible_to(by).filter(dealer=own_dealer(by))
    row: DealerClient | None = rows.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise Missing(_("There is no such client on your list."))
    return row


def _lock(dealer_id: int) -> None:
    """What the dealer counts waits for its turn; nobody who only refers to the dealer does."""
    Dealer.objects.select_for_update(no_key=True).get(pk=dealer_id)


def check_client(*, by: Principal, question: str, at: dt.datetime) -> ClientCheck:
    """Answers "may I work with this client?" without saying who does, and keeps the question with its moment.

    Raises Invalid for an empty question, ChecksUsedUp after thirty of one dealer in a day.
    """
    by.require(Right.VIEW_CLIENTS)
    dealer_id, question = own_dealer(by), " ".join(question.split())[:200]
    if not question:
        raise Invalid(_("Give a tax id, a web site, a phone, or a name and town."), field="query")
    return _checked(by, dealer_id, question, at)


def _checked(by: Principal, dealer_id: int, question: str, at: dt.datetime) -> ClientCheck:
    """One more check of the dealer, counted and kept in a transaction of its own. Raises ChecksUsedUp."""
    on = business_date(at)
    means = clues(question)
    if not means.are_enough:
        raise Invalid(
            _("Not understood. Give a right tax id, a web site, a phone, or “name, town” with a comma."), field="query"
        )
    with transaction.atomic():
        _lock(dealer_id)  # two questions at once count as two
        if not checks_left(by, on):
            raise ChecksUsedUp(_("No checks left today; more tomorrow."), limit=CHECKS_A_DAY)
        found = recognise(means)
        answer, until = answer_about(found.client if found else None, by, on)
        last = ClientCheck.objects.filter(dealer=dealer_id).aggregate(last=Max("number"))["last"]
        return ClientCheck.objects.create(
            dealer_id=dealer_id,
            number=(last or 0) + 1,
            by_id=by.membership_id,
            at=at,
            question=question,
            client=found.client if found else None,
            evidence=found.evidence if found else "",
            answer=answer,
            until=until,
        )


def register_client(
    *, by: Principal, facts: ClientFacts, at: dt.datetime, days: int = LONGEST_CLAIM, product_line: str = ""
) -> Registration:
    """Claims a client for the dealer: the first complete submission wins, and the head office decides on it.

    The client is known by its tax id, and comes onto the dealer's list. A refusal tells as much as the blind check does, so
    every try is one: it is counted and kept whatever becomes of the claim. Raises Invalid, BadTaxId and ChecksUsedUp, then
    nothing changed; TooManyClaims, or ClientTaken when a claim holds for any of these days (the database itself refuses
    two), then nothing but the check was kept.
    """
    by.require(Right.EDIT_CLIENTS)
    dealer_id, facts, on = own_dealer(by), facts.mended(), business_date(at)
    if not facts.tax_id:
        raise Invalid(_("A registration needs the client's tax id."), field="tax_id")
    if not 1 <= days <= LONGEST_CLAIM:
        raise Invalid(_("From 1 to %(days)s days. It can be extended later.") % {"days": LONGEST_CLAIM}, field="days")
    _checked(by, dealer_id, facts.tax_id, at)
    try:
        with transaction.atomic():
            _require_room(dealer_id)
            client = _known_or_new(facts)
            if not DealerClient.objects.filter(dealer=dealer_id, client=client).exists():
                _listed(by, dealer_id, client, facts, on)
            registration = Registration.objects.create(
                dealer_id=dealer_id,
                client=client,
                product_line=product_line.strip()[:80],
                validity=DateRange(on, on + dt.timedelta(days=days)),
                state=RegistrationState.UNDER_REVIEW,
                submitted_by=Membership.objects.get(pk=by.membership_id or 0),
                submitted_at=at,
            )
            audit(by=by, verb="client.registered", subject=f"registration {registration.pk}")
    except IntegrityError as error:
        if "registration_no_overlap" not in str(error):
            raise
        raise ClientTaken(_("A claim on this client is in force or under review. Yours was not recorded.")) from error
    return registration


def _require_room(dealer_id: int) -> None:
    """Raises TooManyClaims while the head office has as many of the dealer's claims to decide as one may leave with it."""
    _lock(dealer_id)
    waiting = Registration.objects.filter(dealer=dealer_id, state=RegistrationState.UNDER_REVIEW).count()
    if waiting >= MOST_UNDER_REVIEW:
        text = _("%(count)s of your claims are under review. Wait until the head office has decided on some.")
        raise TooManyClaims(text % {"count": waiting}, limit=MOST_UNDER_REVIEW)


def decide_registration(*, by: Principal, registration_id: int, accept: bool, at: dt.datetime) -> Registration:
    """The head office protects a claim under review, or ends it. Raises Missing, Invalid; then nothing changed."""
    by.require(Right.MANAGE_CLIENTS)
    with transaction.atomic():
        registration: Registration | None = Registration.objects.select_for_update().filter(pk=registration_id).first()
        if registration is None:
            raise Missing(_("There is no such registration."))
        if registration.state != RegistrationState.UNDER_REVIEW:
            raise Invalid(_("This registration is decided already."))
        if accept:
            # The clock stood still while the head office decided.
            waited = business_date(at) - registration.validity.lower
            registration.validity = DateRange(business_date(at), registration.validity.upper + waited)
        registration.state = RegistrationState.PROTECTED if accept else RegistrationState.ENDED
        registration.save(update_fields=["state", "validity"])
        audit(
            by=by, verb="client.registration_decided", subject=f"registration {registration.pk}",
            dealer_id=registration.dealer_id, accepted=accept,
        )  # fmt: skip
    return registration
