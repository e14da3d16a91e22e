"""Translations without gettext's own programs, which a fresh machine lacks.

Commands, as `python -m portal.running.messages …`:

    compile   make the .mo files that Django reads, where the .po file is newer
    update    put what the code and the templates say into every .po file (`make messages`)
    check     exit 1 where a text is not translated, or a translation loses a placeholder (`make check`)

Babel reads and writes the catalogues; Django's own `templatize` finds the texts of its templates. Compiled
files are not committed: `make demo`, `make test` and the Dockerfile compile them.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "content", "ordering", "portal", "search", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Text = str | list[str] | tuple[str, ...] | None  # of Babel: several forms for a text with a number
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdf]|\{\w*\}")


def compile_stale(locale: Path) -> list[Path]:
    """Write each .mo file that is absent or older than its .po file. Answers those written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = target.with_suffix(".mo.tmp")
        with unfinished.open("wb") as file:
            write_mo(file, _read(source))
        unfinished.replace(target)  # whoever reads meanwhile sees the old one or the new one
        written.append(target)
    return written


def texts_in_code(root: Path) -> Catalog:
    """Every text for people in Python modules and templates, with the files it stands in."""
    template = Catalog()
    for path in _sources(root):
        for _, text, comments, context in extract("python", BytesIO(_python(path)), KEYWORDS, ["Translators:"]):
            template.add(text, locations=[(str(path.relative_to(root)), 0)], auto_comments=comments, context=context)
    return template


def update(root: Path) -> None:
    """Bring every catalogue up to date with the code; what is no longer used moves to the file's end."""
    template = texts_in_code(root)
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/django.po")):
        catalogue = _read(path)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
        print(f"{path.relative_to(root)}: {len(catalogue)} texts")


def problems(root: Path) -> Iterator[str]:
    """One line for each text that is not translated, or translated so that it would break."""
    template = texts_in_code(root)
    paths = sorted((root / "locale").glob("*/LC_MESSAGES/django.po"))
    if not paths:
        yield "locale/: there is no catalogue"
    for path in paths:
        catalogue = _read(path)
        for message in template:
            if not message.id:
                continue
            where = f"{path.relative_to(root)}: {message.id!r} (in {message.locations[0][0]})"
            translation = catalogue.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            if translation is None or translation.fuzzy or not all(_forms(translation.string)):
                yield f"{where} is not translated"
            elif wrong := _misplaced(message.id, translation.string):
                yield f"{where}: the translation differs in {', '.join(sorted(wrong))}"


def _misplaced(text: Text, translation: Text) -> set[str]:
    """Placeholders that one side has and the other lacks. A plural form may leave one out ("one article")."""
    wanted, given = _placeholders(text), _placeholders(translation)
    return wanted ^ given if isinstance(text, str) else given - wanted


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def _sources(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _python(path: Path) -> bytes:
    """The file as Python source in which a text is a call of gettext."""
    if path.suffix == ".py":
        return path.read_bytes()
    from django.utils.translation.template import templatize  # `compile` needs no Django

    # Blanked-out markup keeps its indentation, which means nothing in a template and an error in Python.
    lines = templatize(path.read_text(), origin=str(path)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def _forms(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _placeholders(text: Text) -> set[str]:
    return {match.group() for form in _forms(text) for match in _PLACEHOLDER.finditer(form)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="portal.running.messages", description=__doc__.partition("\n")[0])
    parser.add_argument("action", choices=["compile", "update", "check"])
    action = parser.parse_args().action
    if action == "compile":
        compile_stale(ROOT / "locale")
    elif action == "update":
        update(ROOT)
    else:
        found = list(problems(ROOT))
        print("\n".join(found) or "Every text is translated.")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
