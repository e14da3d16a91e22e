"""The second factor: enrol, prove, replace, switch off, reset. Codes are checked under the lock of their device."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.lib.errors import Conflict, Missing

from ..enums import Right
from ..errors import CodeRefused
from ..lockout import locked_until
from ..models import Membership, RecoveryCode, User
from ..principals import Principal
from ..queries import must_have_second_factor
from .records import acting, audit, owe_letter

RECOVERY_CODES = 10
# Without what looks alike on paper: 31 letters and digits, ten of them are 49 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
HALF = 5


def begin_enrolment(*, user: User) -> TOTPDevice:
    """The authenticator that waits for its first code; the same one when the page is opened again."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        device = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("pk").first()
        return device or TOTPDevice.objects.create(user=user, name="authenticator", confirmed=False)


def confirm_enrolment(*, by: Principal, user: User, code: str) -> tuple[TOTPDevice, list[str]]:
    """Takes the waiting authenticator into use in place of any former one; gives it and new recovery codes.

    Raises CodeRefused or LockedOut; then nothing changed but the count of tries.
    """
    with transaction.atomic():
        waiting = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False)
        device = waiting.order_by("pk").first()
        if device is None:
            raise Conflict(_("This page is out of date. Open it again and scan the new picture."))
        allowed, why = device.verify_is_allowed()
        accepted = allowed and device.verify_token(plain_code(code))
        if accepted:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
            codes = _new_codes(user)
            audit(by=by, verb="second_factor.enrolled", subject=user)
            owe_letter(to=user, kind="second_factor_on")
    if not allowed:
        raise locked_until(why["locked_until"])
    if not accepted:
        raise CodeRefused(
            _("This code did not fit. Wait for the next one on the phone, and check its clock."), field="code"
        )
    return device, codes


def prove(*, by: Principal, user: User, code: str) -> TOTPDevice:
    """Accepts a code of the authenticator, or a recovery code, once.

    Two requests with one code wait for each other, and the second is refused. Raises CodeRefused or LockedOut; then
    nothing changed but the count of tries.
    """
    code = plain_code(code)
    with transaction.atomic():
        devices = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True)
        device = devices.order_by("pk").first()
        if device is None:
            raise Missing(_("No second factor is set up yet."))
        allowed, why = device.verify_is_allowed()
        accepted = allowed and (_use_recovery_code(by, user, device, code) or device.verify_token(code))
        if allowed and not accepted:
            audit(by=by, verb="second_factor.refused", subject=user)
    if not allowed:
        raise locked_until(why["locked_until"])
    if not accepted:
        raise CodeRefused(_("This code did not fit or was used already. Wait for the next one."), field="code")
    return device


def _use_recovery_code(by: Principal, user: User, device: TOTPDevice, code: str) -> bool:
    """Whether this is one of the person's unused recovery codes; it is used up now."""
    if len(code) != 2 * HALF:
        return False
    used, _rows = RecoveryCode.objects.filter(user=user, code_hash=code_hash(user, code)).delete()
    if not used:
        return False
    device.throttle_reset()
    left = RecoveryCode.objects.filter(user=user).count()
    audit(by=by, verb="second_factor.recovery_code_used", subject=user, left=left)
    owe_letter(to=user, kind="recovery_code_used", left=left)
    return True


def new_recovery_codes(*, by: Principal, user: User) -> list[str]:
    """Ten new codes, shown this once; the former ones stop working."""
    with acting(by, "second_factor.codes_made"):
        if not TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).exists():
            raise Missing(_("No second factor is set up yet."))
        audit(by=by, verb="second_factor.codes_made", subject=user)
        return _new_codes(user)


def switch_off_second_factor(*, by: Principal, user: User) -> None:
    """Raises Conflict where the person must have one; then nothing changed."""
    with acting(by, "second_factor.switched_off"):
        if must_have_second_factor(user):
            raise Conflict(
                _("Your role or your company requires a second factor. You can replace it, not switch it off.")
            )
        _forget(user)
        audit(by=by, verb="second_factor.switched_off", subject=user)
        owe_letter(to=user, kind="second_factor_off")


def reset_second_factor(*, by: Principal, user: User) -> None:
    """For a person who lost the phone and the codes: forgets both, ends their sessions, and writes to them.

    An owner may do it for people who belong to that one dealer alone: somebody who is also elsewhere has more to lose
    than this owner can answer for. Managers may for every dealer's people, administrators for the head office's too.
    Raises Missing or Conflict; then nothing changed.
    """
    with acting(by, "second_factor.reset"):
        User.objects.select_for_update().get(pk=user.pk)
        _require_may_reset(by, user)
        _forget(user)
        user.sessions_version += 1
        user.save(update_fields=["sessions_version"])
        audit(by=by, verb="second_factor.reset", subject=user)
        owe_letter(to=user, kind="second_factor_reset")


def _require_may_reset(by: Principal, user: User) -> None:
    if by.user_id == user.pk:
        raise Conflict(_("Your own second factor is on your profile page. If you cannot sign in, ask a colleague."))
    if by.may(Right.ADMINISTER) or (by.may(Right.MANAGE_DEALERS) and not user.is_head_office):
        return
    by.require(Right.MANAGE_PEOPLE)
    dealers = set(Membership.objects.filter(user=user, is_active=True).values_list("dealer", flat=True))
    if user.is_head_office or by.dealer_id not in dealers:
        raise Missing(_("There is nobody like this at your company."))
    if dealers != {by.dealer_id}:
        raise Conflict(
            _("This person also works for another company. Ask your manager at the head office to reset it.")
        )


def _forget(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _new_codes(user: User) -> list[str]:
    codes = ["".join(secrets.choice(ALPHABET) for _n in range(2 * HALF)) for _n in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=code_hash(user, code)) for code in codes)
    return [f"{code[:HALF]}-{code[HALF:]}" for code in codes]


def code_hash(user: User, code: str) -> str:
    """What is kept of a recovery code: keyed, so that the table alone gives nothing to guess from."""
    return salted_hmac("accounts.RecoveryCode", f"{user.pk}:{code}", algorithm="sha256").hexdigest()


def plain_code(code: str) -> str:
    """A code as typed, without the spaces and hyphens that people add."""
    return "".join(code.split()).replace("-", "").lower()
