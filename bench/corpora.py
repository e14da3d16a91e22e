"""Collections to try search on, as documents: `icecat:FILE`, `guides:FILE`, `lines:FILE` (JSON lines or CSV; .gz too)."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from search.access import EVERYONE
from search.documents import Document, Words

KIND = "bench-relevance"
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,4}\s+(.+)$", re.MULTILINE)
_LONG_TEXT = 400  # characters
_MARKUP = re.compile(r"\{heading\((.*?)\)\[.*?\]\}|!?\[([^\]]*)\]\([^)]*\)|\{[^}\n]*\}|[*_`#|>]+")


def load(corpus: str) -> list[Document]:
    """The documents of `LOADER:FILE`. Raises SystemExit where there is no such loader or file."""
    name, _, path = corpus.partition(":")
    if name not in LOADERS or not Path(path).exists():
        raise SystemExit(f"Not LOADER:FILE with LOADER one of {', '.join(LOADERS)} and a file that is there: {corpus}")
    return [LOADERS[name](row) for row in rows(Path(path))]


def is_prose(documents: Sequence[Document]) -> bool:
    """Whether most of them are long texts without codes, as guides are."""
    return sum(len(str(it.body)) >= _LONG_TEXT and not it.codes for it in documents) * 2 > len(documents)


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of JSON lines, or of a CSV with a header."""
    with _open(path) as lines:
        if ".csv" in path.suffixes:
            yield from csv.DictReader(lines)
        else:
            yield from map(json.loads, lines)


def _open(path: Path) -> IO[str]:
    return gzip.open(path, "rt") if path.suffix == ".gz" else path.open()


def icecat(row: Mapping[str, Any]) -> Document:
    """An article: the maker and the product type are keywords, the short description is the body."""
    return _document(
        str(row["id"]),
        row["title"] or row["name"],
        f"{row['supplier']}\n{row.get('attr_t_product_type') or ''}",
        row.get("short_description") or "",
        codes=tuple(dict.fromkeys(filter(None, (str(row["id"]), row.get("name"))))),
        barcodes=tuple(row.get("ean") or ()),
    )


def guides(row: Mapping[str, Any]) -> Document:
    """A guide in Markdown: its headings and its place are keywords, as `content.search` says of the portal's own."""
    body = row.get("body") or ""
    headings = "\n".join(plain(match.group(1)) for match in _HEADING.finditer(body))
    place = " ".join(dict.fromkeys(re.split(r"[/_-]", row["path"].rpartition("/")[0])))
    keywords = f"{row.get('section') or ''}\n{headings}\n{place}"
    return _document(row["path"], row["title"] or row["path"], keywords, plain(body))


def lines(row: Mapping[str, Any]) -> Document:
    """`id`, `title`, `keywords`, `body`, `codes` (a list, or separated by spaces); all but the first two may be absent."""
    codes = row.get("codes") or ()
    return _document(
        str(row["id"]),
        row.get("title") or str(row["id"]),
        row.get("keywords") or "",
        row.get("body") or "",
        codes=tuple(codes.split() if isinstance(codes, str) else codes),
    )


def plain(markdown: str) -> str:
    """The words of a Markdown text."""
    return _MARKUP.sub(lambda match: match.group(1) or match.group(2) or " ", markdown)


def _document(key: str, title: str, keywords: str, body: str, **fields: Any) -> Document:
    language = "ru" if _CYRILLIC.search(title) else "en"
    return Document(
        kind=KIND,
        key=key,
        title=Words(**{language: title}),
        keywords=Words(**{language: keywords.strip()}),
        body=Words(**{language: body}),
        readers=frozenset({EVERYONE}),
        **fields,
    )


LOADERS: Mapping[str, Callable[[Mapping[str, Any]], Document]] = {"icecat": icecat, "guides": guides, "lines": lines}
