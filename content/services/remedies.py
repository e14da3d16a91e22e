"""What editors do about questions that search answers badly. Each is one step, is written down, and can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.principals import Principal
from accounts.services import acting, audit
from ordering.catalog.models import Product
from portal.lib.errors import Conflict, Invalid
from search.wording import normalised

from ..enums import RemedyKind
from ..models import GuidePage, Pin, PortalPage, Remedy, SectionPage
from .drafting import free_slug
from .synonyms import delete_synonyms, save_synonyms

LONGEST_TITLE = 255


def add_synonym(
    *, by: Principal, text: str, phrases: Sequence[str], replacements: Sequence[str] = (), at: datetime
) -> Remedy:
    """Has the question found as what it means. Raises NotAllowed or search's SynonymsRefused; then nothing changed."""
    with acting(by, "remedy.made"):
        group = save_synonyms(by=by, phrases=phrases, replacements=replacements)
        return _made(by, text, RemedyKind.SYNONYM, at, synonyms=group.pk)


def pin(
    *, by: Principal, text: str, product: Product | None = None, page: PortalPage | None = None, at: datetime
) -> Remedy:
    """Puts an article or a page first for this question, for whoever may see it. Raises NotAllowed, Invalid, Conflict."""
    by.require(Right.EDIT_CONTENT)
    text = _asked(text)
    if (product is None) == (page is None):
        raise Invalid(_("Choose an article or a page, one of them."), field="product")
    if Pin.objects.filter(text=text, product=product, page=page).exists():
        raise Conflict(_("That is pinned for this question already."), field="product" if product else "page")
    with acting(by, "remedy.made"):
        pinned = Pin.objects.create(text=text, product=product, page=page, created_at=at)
        return _made(by, text, RemedyKind.PIN, at, pin=pinned)


def draft_guide(*, by: Principal, text: str, section: SectionPage, at: datetime) -> Remedy:
    """A draft under the section, with the question as its title and as how a newcomer asks. Nobody reads it yet.

    Raises NotAllowed, Invalid; then nothing changed.
    """
    by.require(Right.EDIT_CONTENT)
    text = _asked(text)
    with acting(by, "remedy.made"):
        section = SectionPage.objects.get(pk=section.pk)  # the tree's numbers may have moved since the form was drawn
        guide = GuidePage(
            title=(text[:1].upper() + text[1:])[:LONGEST_TITLE],
            slug=free_slug(section, text, otherwise="guide"),
            locale=section.locale,
            audience=section.audience,
            owner_id=by.user_id,
            live=False,
            task_phrases=text,
            body=json.dumps(template(), ensure_ascii=False),
        )
        section.add_child(instance=guide)
        guide.save_revision(user=guide.owner)
        return _made(by, text, RemedyKind.GUIDE, at, page=guide)


def template() -> list[dict[str, Any]]:
    """What a guide to one task is made of, in the writer's language, to be written over."""
    result = _("What the reader will have when it is done, and who may do it.")
    how, trouble = _("What to press, and what one sees then."), _("What often goes wrong, and what to do about it.")
    step = {"title": _("First step"), "text": f"<p>{how}</p>"}
    blocks = {
        "paragraph": f"<p>{result}</p>",
        "steps": [{"type": "item", "value": step, "id": str(uuid4())}],
        "note": {"kind": "info", "text": f"<p>{trouble}</p>"},
    }
    return [{"type": name, "value": value, "id": str(uuid4())} for name, value in blocks.items()]


def dismiss(*, by: Principal, text: str, reason: str, at: datetime) -> Remedy:
    """Takes the question off the list, with the reason for colleagues. Raises NotAllowed, Invalid without a reason."""
    by.require(Right.EDIT_CONTENT)
    if not reason.strip():
        raise Invalid(_("Say why: a colleague will wonder."), field="reason")
    with acting(by, "remedy.made"):
        return _made(by, _asked(text), RemedyKind.DISMISSED, at, reason=reason.strip()[:300])


def undo(*, by: Principal, remedy_id: int, at: datetime) -> Remedy:
    """Takes a remedy back, and the question returns to the list. Again changes nothing.

    Raises NotAllowed, or Conflict where a drafted guide has become work of its own; then nothing changed.
    """
    by.require(Right.EDIT_CONTENT)
    with acting(by, "remedy.undone"):
        remedy = Remedy.objects.select_for_update(of=("self",)).select_related("pin", "page").get(pk=remedy_id)
        if remedy.undone_at:
            return remedy
        _UNDO[RemedyKind(remedy.kind)](by, remedy)
        remedy.undone_at, remedy.undone_by_id = at, by.user_id
        remedy.pin = remedy.page = None
        remedy.save()
        audit(by=by, verb="remedy.undone", subject=remedy, kind=remedy.kind)
        return remedy


def _undo_synonym(by: Principal, remedy: Remedy) -> None:
    if remedy.synonyms:
        delete_synonyms(by=by, group_id=remedy.synonyms)


def _undo_pin(by: Principal, remedy: Remedy) -> None:
    if remedy.pin:
        remedy.pin.delete()


def _undo_guide(by: Principal, remedy: Remedy) -> None:
    """Only what nobody has worked on since: a text is not thrown away by a button that says "undo"."""
    if remedy.page is None:
        return
    draft = GuidePage.objects.get(pk=remedy.page.pk)
    if draft.live or draft.first_published_at or draft.revisions.count() > 1:
        raise Conflict(_("Somebody has worked on “%(title)s” since. Delete it in the editor.") % {"title": draft.title})
    draft.delete()


_UNDO: dict[RemedyKind, Callable[[Principal, Remedy], None]] = {
    RemedyKind.SYNONYM: _undo_synonym,
    RemedyKind.PIN: _undo_pin,
    RemedyKind.GUIDE: _undo_guide,
    RemedyKind.DISMISSED: lambda _by, _remedy: None,
}


def _made(by: Principal, text: str, kind: RemedyKind, at: datetime, **facts: Any) -> Remedy:
    remedy = Remedy.objects.create(text=_asked(text), kind=kind, made_at=at, made_by_id=by.user_id, **facts)
    audit(by=by, verb="remedy.made", subject=remedy, kind=str(kind))
    return remedy


def _asked(text: str) -> str:
    """The question as the log spells it. Raises Invalid for none."""
    asked = normalised(text)
    if not asked:
        raise Invalid(_("Which question is it?"), field="text")
    return asked
