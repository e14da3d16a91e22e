"""Notations that differ between the demo's data and the tables."""

import base64


def hexadecimal(secret: str) -> str:
    """A TOTP secret in base32, as people type it, in the notation of django-otp."""
    return base64.b32decode(secret).hex()


def gtin(barcode: str) -> str:
    """A barcode padded to the 14 digits of a GTIN."""
    return barcode.zfill(14)
