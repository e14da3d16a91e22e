"""What every kept history has in common."""

from collections.abc import Iterator

import pghistory


class _EveryChange:
    """Fresh trackers at every use: pghistory writes a model's columns into the tracker it is given."""

    def __iter__(self) -> Iterator[pghistory.RowEvent]:
        yield from (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())


# For `@pghistory.track(*EVERY_CHANGE)`. Triggers write the history, so no path goes round it: not `update()`,
# not `bulk_create`, not raw SQL.
EVERY_CHANGE = _EveryChange()
