"""Letters that are owed: written in the reader's language and sent, with their secrets made at that moment."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.lib.mail import Email, render_email

from ..models import Invitation, Letter, User
from .invitations import mint_invitation
from .passwords import reset_link

log = logging.getLogger(__name__)
TRIES = 8
Context = Mapping[str, Any]


def send_due_letters(*, at: dt.datetime) -> int:
    """Sends what is owed, each letter in a transaction of its own; answers how many went out.

    A mail server that fails is asked again after 1, 2, 4 … minutes, and given up after `TRIES`.
    """
    sent = 0
    while True:
        with transaction.atomic():
            owed = Letter.objects.select_for_update(skip_locked=True).filter(due_at__lte=at)
            letter = owed.order_by("due_at", "pk").first()
            if letter is None:
                return sent
            sent += _send(letter, at)


def _send(letter: Letter, at: dt.datetime) -> int:
    """Sends one and forgets it; 1 when something went out. A failure puts it off."""
    row, failures = Letter.objects.filter(pk=letter.pk), letter.failures + 1
    try:
        with transaction.atomic():
            email = write(letter)
            letter.delete()
            if email is None:
                return 0
            email.message(to=[letter.email]).send()
            return 1
    except OSError as error:  # what smtplib raises, and the network
        log.warning("A letter (%s) was not sent, try %d of %d: %s", letter.kind, failures, TRIES, error)
        if failures < TRIES:
            row.update(failures=failures, due_at=at + dt.timedelta(minutes=2 ** (failures - 1)))
        else:
            row.delete()
        return 0


def write(letter: Letter) -> Email | None:
    """The letter itself; None when there is nobody, or nothing any more, to write about."""
    with translation.override(letter.language):
        if letter.kind == "invitation":
            return _invitation(letter)
        if letter.kind == "password_reset":
            return _password_reset(letter)
        subject, lines = NOTICES[letter.kind](letter.facts)
        context = {"subject_line": subject, "lines": lines, "profile": _address("accounts:profile")}
        return render_email("emails/accounts/notice", context, letter.language)


def _invitation(letter: Letter) -> Email | None:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("dealer", "invited_by")
    invitation = rows.filter(pk=letter.facts["invitation"]).first()
    if invitation is None:
        return None
    context = {
        "invitation": invitation,
        "who": str(invitation.invited_by),
        "where": invitation.dealer.name if invitation.dealer else "",
        "role": invitation.get_role_display() or invitation.get_staff_role_display(),
        "link": _address("accounts:invitation", mint_invitation(invitation)),
    }
    return render_email("emails/accounts/invitation", context, letter.language)


def _password_reset(letter: Letter) -> Email | None:
    user = User.objects.filter(email=letter.email, is_active=True).first()
    if user is None:
        return None
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    context = {"person": user, "link": _address("accounts:password-reset", *reset_link(user)), "hours": hours}
    return render_email("emails/accounts/password_reset", context, user.language)


def _address(name: str, *args: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(name, args=args)}"


def _second_factor_on(facts: Context) -> tuple[str, list[str]]:
    return _("A second factor now protects your sign-in"), [
        _("From now on we ask for a code from your phone when you sign in."),
        _("Keep the recovery codes on paper: they let you in when the phone is lost."),
    ]


def _second_factor_off(facts: Context) -> tuple[str, list[str]]:
    return _("The second factor is switched off"), [_("Your password alone opens the portal again.")]


def _second_factor_reset(facts: Context) -> tuple[str, list[str]]:
    return _("Your second factor was reset"), [
        _("A colleague or the head office did it, usually because a phone was lost. All your sessions have ended."),
        _("Set up a new one on your profile page after signing in."),
    ]


def _second_factor_demanded(facts: Context) -> tuple[str, list[str]]:
    return _("%(dealer)s asks you for a second factor") % {"dealer": facts["dealer"]}, [
        _("The next page you open shows a picture to scan with the phone. It takes a minute."),
    ]


def _recovery_code_used(facts: Context) -> tuple[str, list[str]]:
    return _("A recovery code was used to sign in"), [
        _("Recovery codes left: %(left)s.") % {"left": facts["left"]},
        _("If the phone is lost, replace the second factor on your profile page."),
    ]


def _password_changed(facts: Context) -> tuple[str, list[str]]:
    return _("Your password was changed"), [_("All other sessions have ended.")]


def _erased(facts: Context) -> tuple[str, list[str]]:
    return _("Your data is erased"), [
        _("Your name and address are no longer in the portal. Orders and the audit keep a number instead of a name."),
    ]


def _dealer_without_owner(facts: Context) -> tuple[str, list[str]]:
    return _("%(dealer)s is left without an owner") % {"dealer": facts["dealer"]}, [
        _("Its only owner has erased their data. Invite a new owner in the head-office desk."),
    ]


NOTICES: Mapping[str, Callable[[Context], tuple[str, list[str]]]] = {
    "second_factor_on": _second_factor_on,
    "second_factor_off": _second_factor_off,
    "second_factor_reset": _second_factor_reset,
    "second_factor_demanded": _second_factor_demanded,
    "recovery_code_used": _recovery_code_used,
    "password_changed": _password_changed,
    "erased": _erased,
    "dealer_without_owner": _dealer_without_owner,
}
