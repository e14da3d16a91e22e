"""Letters: a template becomes subject, plain text and HTML with its styles inlined, in the reader's language.

A letter `emails/<room>/<name>` is two files: `.html` extends `emails/base.html` (blocks subject, body, why) and `.txt` extends
`emails/base.txt` (block body). Subject and body share the context, which also gets `brand` and `site` (the portal's address).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from css_inline import CSSInliner
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import EmailMultiAlternatives
from django.template import loader
from django.template.base import Template
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.utils import translation

from portal.lib.brand import brand

LINE_BREAKS = re.compile(r"[ \t\r\n]+")  # not every space: U+00A0 holds figures together


@dataclass(frozen=True, slots=True)
class Email:
    """A letter ready to go."""

    subject: str
    text: str
    html: str

    def message(self, *, to: list[str]) -> EmailMultiAlternatives:
        """As Django sends it."""
        message = EmailMultiAlternatives(self.subject, self.text, to=to)
        message.attach_alternative(self.html, "text/html")
        return message


def render_email(name: str, context: Mapping[str, Any], language: str) -> Email:
    """Renders `<name>.html` and `<name>.txt`; the subject is the HTML's block `subject`, on one line."""
    with translation.override(language):
        own = brand(language)
        values = {**context, "brand": own, "site": settings.WAGTAILADMIN_BASE_URL, "language": language}
        page: Any = loader.get_template(f"{name}.html")  # the backend's wrapper; `.template` is Django's own
        subject = LINE_BREAKS.sub(" ", _block(page.template, "subject", values)).strip()
        html = page.render({**values, "subject": subject})
        text = loader.get_template(f"{name}.txt").render({**values, "subject": subject})
    return Email(subject, text.strip() + "\n", _inliner().inline(html))


def _block(template: Template, name: str, values: Mapping[str, Any]) -> str:
    """One block of a template, as plain text."""
    for node in template.nodelist.get_nodes_by_type(BlockNode):
        if isinstance(node, BlockNode) and node.name == name:
            context = Context(dict(values), autoescape=False)
            with context.bind_template(template):
                return str(node.nodelist.render(context))
    raise LookupError(f"{template.name} has no block {name!r}")


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    found = finders.find("portal/email.css")
    if not found:
        raise LookupError("portal/email.css is not among the static files")
    return CSSInliner(
        extra_css=Path(found).read_text(encoding="utf-8"),
        load_remote_stylesheets=False,
        keep_style_tags=False,
    )
