"""The demo's sign-ins on the sign-in page. In every other installation these tags give nothing."""

from typing import Any

from django import template
from django.conf import settings
from django_otp.oath import TOTP

from accounts.enums import Role, StaffRole
from accounts.models import User
from accounts.queries import second_factor_of

register = template.Library()


def _signins() -> list[dict[str, Any]]:
    """Who the demo lists; nobody where the demo is not loaded."""
    if not settings.DEMO:
        return []
    from portal.demo.people import signins

    listed = signins()
    here = dict(User.objects.filter(email__in=[row["email"] for row in listed]).values_list("email", "first_name"))
    return [row | {"name": here[row["email"]]} for row in listed if row["email"] in here]


@register.simple_tag
def demo_signins() -> list[dict[str, Any]]:
    """Sign-ins by place: `[{place, people: [{name, email, password, role}]}]`; the head office last."""
    words = {**dict(Role.choices), **dict(StaffRole.choices)}
    places: dict[str, list[dict[str, Any]]] = {}
    for row in _signins():
        places.setdefault(row["dealer"] or "", []).append(row | {"role": words[row["role"]]})
    return [{"place": place, "people": people} for place, people in places.items()]


@register.simple_tag
def demo_code(user: Any) -> str:
    """The code that a listed person's phone would show now: a visitor of the demo has no phone of theirs."""
    if not isinstance(user, User) or all(row["email"] != user.email for row in _signins()):
        return ""
    device = second_factor_of(user)
    if device is None:
        return ""
    code = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift).token()
    return f"{code:0{device.digits}d}"
