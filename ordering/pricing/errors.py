from django.utils.translation import gettext_lazy as _

from portal.lib.errors import Conflict, Invalid, Missing, TooMany


class ListsOverlap(Conflict):
    """Two published lists of one scope and currency would hold on one day."""

    code = "price_lists_overlap"


class VersionPublished(Conflict):
    """A published version is never edited; a new one supersedes it."""

    code = "price_list_version_published"


class DraftGone(Missing):
    """The draft was thrown away; the text says by whom and when."""

    code = "price_draft_gone"

    def __init__(self, message: str, *, version_id: int) -> None:
        super().__init__(message)
        self.version_id = version_id


class PriceListFixed(Conflict):
    """What a list is for is said once, before its first version is published."""

    code = "price_list_fixed"


class PriceFileRefused(Invalid):
    """Some rows of a price file cannot be taken, so none was."""

    code = "price_file_refused"


class NoSuchPriceList(Missing):
    code = "no_such_price_list"


class NoPrice(Missing):
    """No list prices this article for this dealer in this currency on this day."""

    code = "no_price"

    def __init__(self) -> None:
        super().__init__(_("There is no price in your list. Ask your manager."))


class ContractsOverlap(Conflict):
    """Two published contracts of a dealer for the same thing would hold on one day."""

    code = "contracts_overlap"


class DealRefused(Invalid):
    """A contract or promotion that does not say one price of one thing for a time."""

    code = "deal_refused"


class DealPublished(Conflict):
    """A published contract or promotion never changes: it is ended, and another one made."""

    code = "deal_published"


class PricesMoved(Conflict):
    """Somebody has changed these prices of the draft since the person looked; `extra["cells"]` names them."""

    code = "prices_moved"


class PricesSuspicious(Conflict):
    """Prices that may be a mistake, and nobody has said that they are meant; `extra["cells"]` names them."""

    code = "prices_suspicious"


class EditRefused(Invalid):
    """What is asked for makes no price list."""

    code = "price_edit_refused"


class TooManyFiles(TooMany):
    """The dealer has taken as many price-list files as one may in an hour."""

    code = "too_many_files"


class NoSuchVersion(Missing):
    """The dealer has not taken prices of this version along, or that was too long ago."""

    code = "no_such_version"


class CurrencyChanged(Conflict):
    """The prices to compare with were in another currency."""

    code = "currency_changed"


class FileNotReady(Conflict):
    """A worker is still making the file, or could not."""

    code = "file_not_ready"
