"""The few marks of our guides' sources, read into the blocks of a page's body.

`## heading`, `- item`, `1. **Step.** how`, `| cell | cell |`, `> warn: Title | text`, paragraphs; within a line
`**bold**`, `` `code` `` and `[link](/address/)`. A line that is one piece of code is a block of its own."""

import html
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

Block = dict[str, Any]

_STEP = re.compile(r"\d+\. \*\*(?P<title>.+?)\.?\*\* ?(?P<text>.*)")
_NOTE = re.compile(r"> (?P<kind>info|warn|bad|ok): (?P<title>[^|]+?) \| (?P<text>.+)")
_CODE_LINE = re.compile(r"`([^`]+)`")


def inline(text: str) -> str:
    """One line as HTML: everything escaped but the three marks."""
    out = html.escape(text, quote=False)
    out = re.sub(r"`([^`]+)`", r"<code>\1</code>", out)
    out = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", out)
    return re.sub(r"\[([^\]]+)\]\((/[^)\s]*)\)", r'<a href="\2">\1</a>', out)


def _kind(line: str) -> str:
    for mark, kind in (("## ", "heading"), ("- ", "bullets"), ("| ", "table"), ("> ", "note")):
        if line.startswith(mark):
            return kind
    if _STEP.match(line):
        return "steps"
    return "code" if _CODE_LINE.fullmatch(line) else "paragraph"


def _step(line: str) -> Block:
    match = _STEP.fullmatch(line)
    if match is None:
        raise ValueError(f"Not a step: {line!r}. Write `1. **Do this.** Then this happens.`")
    return {
        "title": match["title"],
        "text": f"<p>{inline(match['text'])}</p>" if match["text"] else "",
        "image": None,
        "alt": "",
    }


def _note(line: str) -> Block:
    match = _NOTE.fullmatch(line)
    if match is None:
        raise ValueError(f"Not a note: {line!r}. Write `> warn: Title | text`.")
    return {"kind": match["kind"], "title": match["title"], "text": f"<p>{inline(match['text'])}</p>"}


def _row(line: str) -> str:
    """A table's row without its outer bars: `a | b`."""
    return " | ".join(cell.strip() for cell in line.strip()[1:-1].split("|"))


def _run(kind: str, lines: list[str]) -> Iterator[Block]:
    """The blocks of neighbouring lines of one kind."""
    if kind == "bullets":
        items = "".join(f"<li>{inline(line[2:])}</li>" for line in lines)
        yield {"type": "paragraph", "value": f"<ul>{items}</ul>"}
    elif kind == "steps":
        yield {"type": "steps", "value": [_step(line) for line in lines]}
    elif kind == "table":
        yield {"type": "table", "value": {"caption": "", "rows": "\n".join(_row(line) for line in lines)}}
    elif kind == "code":
        yield {"type": "code", "value": {"language": "", "text": "\n".join(line.strip("`") for line in lines)}}
    else:
        for line in lines:
            yield _single(kind, line)


def _single(kind: str, line: str) -> Block:
    if kind == "heading":
        return {"type": "heading", "value": {"text": line[3:], "level": "2"}}
    if kind == "note":
        return {"type": "note", "value": _note(line)}
    return {"type": "paragraph", "value": f"<p>{inline(line)}</p>"}


def blocks(source: str) -> list[Block]:
    """The body of a page. Raises ValueError at a line that begins like a step or a note and is not one."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return [block for kind, run in groupby(lines, _kind) for block in _run(kind, list(run))]
