"""What a phone would show."""

import time

from django_otp.oath import TOTP


def code_of(device, *, steps=0):
    """The device's code now, or so many half-minutes later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"
