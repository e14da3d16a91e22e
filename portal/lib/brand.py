"""Whose portal this is: the manufacturer's name as people read it, from the setting PORTAL_BRAND."""

from dataclasses import dataclass

from django.conf import settings

from portal.lib.formats import is_russian


@dataclass(frozen=True, slots=True)
class Brand:
    """`name` is the manufacturer, `suffix` the word after it in the top bar; together the portal's own name."""

    name: str
    suffix: str

    @property
    def full(self) -> str:
        """As in the browser's title and in letters."""
        return f"{self.name} {self.suffix}".strip()


def brand(language: str | None = None) -> Brand:
    """The brand in a language, the active one by default."""
    name, suffix = settings.PORTAL_BRAND["ru" if is_russian(language) else "en"]
    return Brand(name, suffix)
