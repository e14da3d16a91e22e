"""Words in two languages and the order people expect of them."""

import re
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language

SPACES = re.compile(r"\s+")


def sort_key(text: str) -> str:
    """What to sort a name by: PostgreSQL may collate by code point, people don't (ё beside е, no case)."""
    return SPACES.sub(" ", text).strip().casefold().replace("ё", "е")


def capital_labels(form: Any) -> None:
    """Labels of a form's own fields begin as those of a model's do: with a capital."""
    for field in form.fields.values():
        field.label = capfirst(field.label) if field.label else field.label


def in_language(ru: str, en: str, language: str | None = None) -> str:
    """The text in the language asked for (the active one by default), else in the other one."""
    wanted = (language or get_language() or "ru")[:2]
    return (en or ru) if wanted == "en" else (ru or en)


def named(thing: Any, language: str | None = None, field: str = "name") -> str:
    """`thing.name_ru` or `thing.name_en`, by language; `field` for other pairs of columns."""
    return in_language(getattr(thing, f"{field}_ru"), getattr(thing, f"{field}_en"), language)
