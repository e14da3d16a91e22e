from django.utils.translation import gettext_lazy as _

from portal.lib.errors import Conflict, Invalid


class DocumentLineTaken(Conflict):
    """The ledger already holds another statement under this document line."""

    code = "document_line_taken"

    def __init__(self, *, documents: list[str]) -> None:
        super().__init__(
            _(
                "The ledger already says something else about: %(documents)s. Entries are never changed: "
                "post a correction under a document line of its own."
            )
            % {"documents": ", ".join(documents[:5])},
            documents=documents[:100],
        )


class PeriodNotUnderstood(Invalid):
    """The first day comes after the last, or a day is not a day."""

    code = "period_not_understood"


class SalesFileRefused(Invalid):
    """Rows of a file of sales cannot be taken; `refusals` names them."""

    code = "sales_file_refused"
