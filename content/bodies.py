"""A body as its reader gets it: typed blocks with plain values, the same for pages and API.

Rich text comes out as HTML. Links to pages that the reader may not see lose their address, and articles they may not see
are left out. A body costs a fixed number of queries, however many blocks it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from wagtail.rich_text import RichText, get_text_for_indexing
from wagtail.rich_text.rewriters import LinkRewriter

from accounts.principals import Principal
from ordering.catalog.models import Product
from portal.lib import skus
from portal.lib.text import named

from .models import PortalDocument, PortalImage, PortalPage

PICTURE = "width-1200|format-webp"
STEP_PICTURE = "width-840|format-webp"
PAGE_LINK = re.compile(r'<a\b[^>]*linktype="page"[^>]*>')
PAGE_ID = re.compile(r'\bid="(\d+)"')


@dataclass(frozen=True, slots=True)
class Block:
    """One block: `value` is JSON. `changed`: the reader has not seen it like this; of steps, `changed_items` says which."""

    type: str
    value: Any
    id: str
    changed: bool = False
    changed_items: frozenset[str] = frozenset()

    @property
    def anchor(self) -> str:
        """The place of the block on its page, for links to it."""
        return f"b-{self.id[:8]}"


@dataclass(slots=True)
class Surroundings:
    """What the blocks of one body refer to, as far as one reader may see it."""

    addresses: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    images: Mapping[int, Any] = field(default_factory=dict)

    def html(self, text: RichText | str) -> str:
        """Rich text as HTML; a link to a page out of sight stays as text."""
        source = text.source if isinstance(text, RichText) else text
        return LinkRewriter(rules={"page": self._page_link, "document": document_link})(source)

    def _page_link(self, attrs: Mapping[str, str]) -> str:
        address = self.addresses.get(attrs.get("id", ""))
        return f'<a href="{escape(address)}">' if address else "<a>"

    def picture(self, image: Any, spec: str, alt: str, caption: str = "") -> dict[str, Any] | None:
        if image is None or image.pk not in self.images:
            return None
        rendition = self.images[image.pk].get_rendition(spec)
        size = {"src": rendition.url, "width": rendition.width, "height": rendition.height}
        return {**size, "alt": alt, "caption": caption}


def document_link(attrs: Mapping[str, str]) -> str:
    """The document of a page follows the page; its view asks again who may."""
    key = attrs.get("id", "")
    return f'<a href="{escape(reverse("content:document", args=[key]))}">' if key.isdigit() else "<a>"


def read_body(body: Any, principal: Principal, changed: frozenset[str] = frozenset()) -> list[Block]:
    """The blocks of a StreamField for this reader; `changed` are ids of blocks and steps to be marked."""
    around = surroundings(body, principal)
    blocks = []
    for child in body:
        value = VALUES[child.block_type](child.value, around)
        if value is not None:
            items = changed & {item["id"] for item in value} if child.block_type == "steps" else frozenset()
            blocks.append(Block(child.block_type, value, child.id, child.id in changed, items))
    return blocks


def surroundings(body: Any, principal: Principal) -> Surroundings:
    """Everything the blocks refer to, in one query for each kind of thing."""
    page_ids = {key for text in rich_texts(body) for key in linked_pages(text)}
    pages = PortalPage.objects.visible_to(principal).filter(pk__in=page_ids).only("url_path") if page_ids else ()
    keys = {skus.key(child.value) for child in body if child.block_type == "article"}
    products = Product.objects.visible_to(principal).filter(sku_key__in=keys) if keys else ()
    image_ids = {image.pk for image in images(body)}
    pictures = (
        PortalImage.objects.filter(pk__in=image_ids).prefetch_renditions(PICTURE, STEP_PICTURE) if image_ids else ()
    )
    return Surroundings(
        addresses={str(page.pk): page.address for page in pages},
        products={product.sku_key: product for product in products},
        images={picture.pk: picture for picture in pictures},
    )


def linked_pages(source: str) -> Iterator[int]:
    """The ids of pages that a rich text links to."""
    for tag in PAGE_LINK.findall(source):
        if match := PAGE_ID.search(tag):
            yield int(match.group(1))


def rich_texts(body: Any) -> Iterator[str]:
    for child in body:
        if child.block_type == "paragraph":
            yield child.value.source
        elif child.block_type == "note":
            yield child.value["text"].source
        elif child.block_type == "steps":
            yield from (step["text"].source for step in child.value if step["text"])


def images(body: Any) -> Iterator[Any]:
    for child in body:
        found = [child.value["image"]] if child.block_type == "image" else []
        if child.block_type == "steps":
            found = [step["image"] for step in child.value]
        yield from (image for image in found if image is not None)


def plain_text(body: Any) -> str:
    """All words of a body, for search and for counting."""
    parts = []
    for child in body:
        if child.block_type == "document":
            parts.append(f"{child.value.title}\n{child.value.filename}" if child.value else "")
        else:
            parts.append(" ".join(words_of(child.block.get_prep_value(child.value))))
    return "\n".join(part for part in parts if part)


def headings(body: Any) -> str:
    """The headings of a body and of its steps and notes, a line each: what its parts are about."""
    parts = []
    for child in body:
        if child.block_type == "heading":
            parts.append(child.value["text"])
        elif child.block_type == "steps":
            parts += [step["title"] for step in child.value]
        elif child.block_type == "note":
            parts.append(child.value["title"])
    return "\n".join(filter(None, parts))


NOT_WORDS = frozenset({"id", "image", "level", "kind", "language", "type"})


def words_of(raw: Any) -> Iterator[str]:
    """The texts inside a raw block value, without tags and without what is not words."""
    if isinstance(raw, str):
        yield get_text_for_indexing(raw) if "<" in raw else raw
    elif isinstance(raw, Mapping):
        for key, value in raw.items():
            if key not in NOT_WORDS:
                yield from words_of(value)
    elif isinstance(raw, list):
        for item in raw:
            yield from words_of(item)


def _heading(value: Any, around: Surroundings) -> dict[str, Any]:
    return {"text": value["text"], "level": int(value["level"])}


def _paragraph(value: Any, around: Surroundings) -> str:
    return around.html(value)


def _steps(value: Any, around: Surroundings) -> list[dict[str, Any]]:
    return [
        {
            "id": item.id,
            "title": item.value["title"],
            "html": around.html(item.value["text"]),
            "image": around.picture(item.value["image"], STEP_PICTURE, item.value["alt"]),
        }
        for item in value.bound_blocks
    ]


def _note(value: Any, around: Surroundings) -> dict[str, Any]:
    return {"kind": value["kind"], "title": value["title"], "html": around.html(value["text"])}


def _image(value: Any, around: Surroundings) -> dict[str, Any] | None:
    return around.picture(value["image"], PICTURE, value["alt"], value["caption"])


def _document(value: PortalDocument | None, around: Surroundings) -> dict[str, Any] | None:
    if value is None:
        return None
    size = filesizeformat(value.file_size) if value.file_size else ""
    return {"title": value.title, "url": value.url, "extension": value.file_extension.lower(), "size": size}


def _article(value: str, around: Surroundings) -> dict[str, Any] | None:
    product = around.products.get(skus.key(value))
    if product is None:
        return None
    return {"sku": product.sku, "name": named(product), "url": reverse("portal:article", args=[product.sku])}


def _code(value: Any, around: Surroundings) -> dict[str, Any]:
    return {"language": value["language"], "text": value["text"]}


def _quote(value: Any, around: Surroundings) -> dict[str, Any]:
    return {"text": value["text"], "source": value["source"]}


def _table(value: Any, around: Surroundings) -> dict[str, Any]:
    lines = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in value["rows"].splitlines()
        if line.strip()
    ]
    head, *rows = lines or [[]]
    return {"caption": value["caption"], "head": head, "rows": rows}


VALUES: Mapping[str, Callable[[Any, Surroundings], Any]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "steps": _steps,
    "note": _note,
    "image": _image,
    "document": _document,
    "article": _article,
    "code": _code,
    "quote": _quote,
    "table": _table,
}
