"""The words of reading and writing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Significance(TextChoices):
    """What a publication asks of those who have read the page before."""

    TYPO = "typo", _("Typo: nobody needs to know")
    NOTABLE = "notable", _("Notable: shown as changed since you last read")
    MAJOR = "major", _("Major: where reading is mandatory, everybody reads again")


class Topic(TextChoices):
    """What a piece of news is about."""

    PRODUCT = "product", _("Products")
    PRICE = "price", _("Prices")
    STOCK = "stock", _("Warehouse")
    PROGRAMME = "programme", _("Programme")
    PORTAL = "portal", _("Portal")


class TaskIcon(TextChoices):
    """The drawing beside a task on the first page of the knowledge; values are names in icons.svg."""

    ORDER = "lightning-charge", _("Lightning: order")
    TIME = "clock-history", _("Clock: where is it")
    PRICE = "tags", _("Tags: price")
    CLIENT = "person-check", _("Person: client")
    RETURN = "arrow-counterclockwise", _("Arrow back: return")
    FILE = "file-earmark-spreadsheet", _("Sheet: file")
    PEOPLE = "people", _("People: colleagues")
    SERVICE = "tools", _("Tools: service")
    START = "signpost-split", _("Signpost: first steps")
    BOOK = "book-half", _("Book: anything else")


class Reason(TextChoices):
    """Why a page did not help."""

    UNCLEAR = "unclear", _("Not clear")
    WRONG = "wrong", _("There is a mistake")
    OUTDATED = "outdated", _("Out of date")
    MISSING = "missing", _("What I need is not here")


class NoteKind(TextChoices):
    """The tone of a note; values are those of the note component."""

    INFO = "info", _("Good to know")
    WARN = "warn", _("Take care")
    BAD = "bad", _("Danger")
    OK = "ok", _("Advice")


class RemedyKind(TextChoices):
    """What an editor does about a question that search answers badly."""

    SYNONYM = "synonym", _("Synonym")
    PIN = "pin", _("Pinned")
    GUIDE = "guide", _("Guide drafted")
    DISMISSED = "dismissed", _("Dismissed")
