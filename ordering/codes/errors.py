"""What can be wrong with a dealer's own codes."""

from portal.lib.errors import Invalid


class TooManyCodes(Invalid):
    """More codes than a dealer may keep."""

    code = "too_many_codes"
