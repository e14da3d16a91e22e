"""Pages, files and publications for tests, made through Wagtail as an editor would make them."""

from __future__ import annotations

import io
import itertools
import json
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Pillow
from wagtail.models import Locale, Page, ReferenceIndex

from accounts.models import Audience
from content import services
from content.models import (
    GuidePage,
    HomePage,
    NewsPage,
    PortalDocument,
    PortalImage,
    PortalPage,
    PortalRendition,
    SectionPage,
)

from .factories import make_audience

_number = itertools.count(1)


def everyone() -> Audience:
    """The audience without dimensions: everybody who is a member somewhere."""
    return Audience.objects.filter(name="Everyone").first() or make_audience("Everyone")


def make_homes(audience: Audience | None = None) -> dict[str, HomePage]:
    """The first pages of both languages, live."""
    return services.plant(audience=audience or everyone())


def make_section(title: str = "", *, parent: Page | None = None, language: str = "ru", **fields: Any) -> SectionPage:
    return _page(SectionPage, title or "Section", parent or make_homes()[language], **fields)


def make_guide(title: str = "", *, section: Page | None = None, body: Any = None, **fields: Any) -> GuidePage:
    """A live guide with one paragraph, for everyone unless said otherwise."""
    fields["body"] = stream(body if body is not None else [("paragraph", "<p>Words.</p>")])
    return _page(GuidePage, title or "Guide", section or make_section(), **fields)


def make_news(title: str = "", *, section: Page | None = None, body: Any = None, **fields: Any) -> NewsPage:
    fields["body"] = stream(body if body is not None else [("paragraph", "<p>News.</p>")])
    return _page(NewsPage, title or "News", section or make_section(), **fields)


def _page(model: type[PortalPage], title: str, parent: Page, *, live: bool = True, **fields: Any) -> Any:
    n = next(_number)
    title = title if title not in {"Section", "Guide", "News"} else f"{title} {n}"
    fields = {"audience": everyone(), "locale": parent.locale, "slug": f"page-{n}", **fields}
    page = model(title=title, live=False, **fields)
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    index_references(page)
    return page


def index_references(page: Page) -> None:
    """Wagtail does this after the commit, which a test never comes to."""
    ReferenceIndex.create_or_update_for_object(page.specific)


def publish(page: Any, **changes: Any) -> Any:
    """Changes a page and publishes it, as an editor does."""
    page = page.specific
    for name, value in changes.items():
        setattr(page, name, stream(value) if name == "body" else value)
    page.save_revision().publish()
    page.refresh_from_db()
    index_references(page)
    return page


def stream(blocks: list[Any]) -> str:
    """A body of (type, value) or (type, value, id)."""
    rows = []
    for number, block in enumerate(blocks):
        kind, value, *key = block
        rows.append({"type": kind, "value": value, "id": key[0] if key else f"block-{number}"})
    return json.dumps(rows)


def make_translation(page: Any, *, parent: Page, title: str, language: str = "en", **fields: Any) -> Any:
    """The same page in another language, live."""
    locale, _is_new = Locale.objects.get_or_create(language_code=language)
    body = {"body": stream([("paragraph", "<p>Words in English.</p>")])} if hasattr(page, "body") else {}
    fields = {"translation_key": page.translation_key, "locale": locale, "audience": page.audience, **body, **fields}
    return _page(type(page), title, parent, **fields)


def make_image(title: str = "Picture", size: tuple[int, int] = (64, 48)) -> PortalImage:
    file = io.BytesIO()
    Pillow.new("RGB", size, "orange").save(file, "PNG")
    return PortalImage.objects.create(title=title, file=ContentFile(file.getvalue(), "picture.png"))


def make_rendition(image: PortalImage, spec: str = "width-32") -> PortalRendition:
    return image.get_rendition(spec)


def make_document(
    title: str = "Price rules", content: bytes = b"%PDF-1.4 secret", name: str = "rules.pdf"
) -> PortalDocument:
    return PortalDocument.objects.create(title=title, file=ContentFile(content, name), file_size=len(content))
