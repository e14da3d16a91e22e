"""Marks what was found in a text that its reader may see. Everything else of the text is escaped."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from . import analysis, codes
from .reading import Reading, read

SNIPPET = 180  # characters


def highlight(text: str, question: str | Reading) -> SafeString:
    """The text with the question's words in `<mark>`; those that mean the same too, given the question as it
    was read (`Results.reading`).
    """
    return _marked(analysis.composed(text), _read(question))


def snippet(text: str, question: str | Reading, *, length: int = SNIPPET) -> SafeString:
    """The stretch of the text where most of the question's words stand, marked; the beginning where none
    does.
    """
    text = " ".join(analysis.composed(text).split())
    reading = _read(question)
    wanted = reading.marks
    places = [word for word in analysis.words(text) if not wanted.isdisjoint(word.forms)]
    start = 0
    if places:
        best = max(places, key=lambda at: len({w.forms[0] for w in places if at.start <= w.start < at.start + length}))
        start = _word_start(text, max(0, best.start - length // 4))
    end = _word_end(text, start + length)
    return format_html(
        "{}{}{}", "… " if start else "", _marked(text[start:end], reading), " …" if end < len(text) else ""
    )


def _read(question: str | Reading) -> Reading:
    return read(question) if isinstance(question, str) else question


def _marked(text: str, reading: Reading) -> SafeString:
    wanted = reading.marks
    done, pieces = 0, []
    for word in analysis.words(text):
        written = text[word.start : word.end]
        if not wanted.isdisjoint(word.forms) or codes.folded(written) in (reading.folded, *reading.parts):
            pieces.append(format_html("{}<mark>{}</mark>", text[done : word.start], written))
            done = word.end
    pieces.append(format_html("{}", text[done:]))
    return mark_safe("".join(pieces))  # every piece is escaped above


def _word_start(text: str, at: int) -> int:
    return 0 if at == 0 else text.find(" ", at) + 1


def _word_end(text: str, at: int) -> int:
    return len(text) if at >= len(text) else max(text.rfind(" ", 0, at), 0) or at
