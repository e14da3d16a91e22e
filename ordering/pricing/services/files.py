"""Price-list files: made, kept for a while, prepared by a worker, counted and noted."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any, Final

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import principals
from accounts.enums import Right
from accounts.models import AuditEvent, Membership
from accounts.services import audit
from ordering.catalog.services import merge_changes
from portal.jobs.models import Job
from portal.jobs.services import Outcome, Progress, ask, cancel, run_next
from portal.lib.errors import Conflict
from portal.lib.files import private_storage

from ..errors import FileNotReady, TooManyFiles
from ..models import PriceFile, TakenList
from ..queries.basis import LOOKED_BACK, catalogue_now
from ..queries.file_bytes import Recipe, file_blocks, is_long
from ..queries.files import Wanted, kept_file, recipe_of

if TYPE_CHECKING:
    from accounts.principals import Principal

KIND: Final = "pricing.file"
DOWNLOADED: Final = "price_list.downloaded"
ASKED: Final = "price_list.asked"
MOST_AN_HOUR: Final = 120  # files of one dealer
HOUR: Final = dt.timedelta(hours=1)
KEPT_FOR: Final = dt.timedelta(days=3)  # since it was last taken
KEPT_BYTES: Final = 2 * 1024**3  # of all dealers together; the longest unused go first
KEPT_TAKEN: Final = 50  # versions a dealer may compare with
TRIES: Final = 3
FOLDER: Final = "price-lists/"


def require_allowance(*, by: Principal, at: dt.datetime) -> None:
    """Raises TooManyFiles while the dealer has taken as many files as one may in an hour, NotAllowed."""
    by.require(Right.VIEW_PRICES)
    lately = AuditEvent.objects.filter(
        dealer=by.dealer_id, verb__in=(DOWNLOADED, ASKED), at__gt=at - HOUR, facts__counted=True
    )
    times = list(lately.order_by("-at").values_list("at", flat=True)[:MOST_AN_HOUR])
    if len(times) < MOST_AN_HOUR:
        return
    seconds = max(1, int((times[-1] + HOUR - at).total_seconds()) + 1)
    minutes = -(-seconds // 60)
    raise TooManyFiles(
        ngettext(
            "Your company took %(count)s price-list files within an hour. The next one in %(n)s minute.",
            "Your company took %(count)s price-list files within an hour. The next one in %(n)s minutes.",
            minutes,
        )
        % {"count": MOST_AN_HOUR, "n": minutes},
        retry_after=seconds,
    )


def note_download(
    *, by: Principal, told: dict[str, Any], at: dt.datetime, counted: bool = True, resumed: bool = False
) -> None:
    """Leave the audit row of a file that goes out now: who, when, what, of which version. `told`: `Recipe.told`.

    `resumed`: the rest of a file. Not `counted` is what was counted before and costs no work: such a rest, a file that was
    asked for. Raises TooManyFiles for what is counted; then nothing is given out.
    """
    if counted:
        require_allowance(by=by, at=at)
    _audit(by, DOWNLOADED, told, resumed=resumed, counted=counted)


def _audit(by: Principal, verb: str, told: dict[str, Any], **facts: bool) -> None:
    said = {name: told[name] for name in ("on", "tier", "stamp", "since", "selection")}
    audit(by=by, verb=verb, subject=told["file_format"], **said, **facts)


def note_taken(*, by: Principal, told: dict[str, Any], at: dt.datetime) -> None:
    """Remember that the dealer has these prices whole: what later changes are told against. Keeps the latest fifty."""
    with transaction.atomic():
        row, is_new = TakenList.objects.get_or_create(
            dealer_id=by.dealer_id or 0,
            stamp=told["stamp"],
            selection=told["selection"],
            defaults={
                **{name: told[name] for name in ("file_format", "on", "basis", "catalogue", "snapshot", "read_at")},
                "taken_by_id": by.user_id,
                "taken_at": at,
            },
        )
        if not is_new:
            row.on = min(row.on, dt.date.fromisoformat(told["on"]))
            row.file_format, row.taken_by_id, row.taken_at = told["file_format"], by.user_id, at
            row.save(update_fields=["on", "file_format", "taken_by", "taken_at"])
        kept = TakenList.objects.filter(dealer=by.dealer_id).order_by("-taken_at").values("pk")[:KEPT_TAKEN]
        TakenList.objects.filter(dealer=by.dealer_id).exclude(pk__in=kept).delete()


@contextmanager
def finished(recipe: Recipe, tell: Callable[[int, int], None] = lambda _done, _of: None) -> Iterator[IO[bytes] | None]:
    """The file's bytes in a temporary file; None where the catalogue changed meanwhile, so that they are of no version."""
    with tempfile.NamedTemporaryFile() as target:
        for block in file_blocks(recipe, tell):
            target.write(block)
        target.flush()
        target.seek(0)
        yield target if catalogue_now().state == recipe.made.catalogue.state else None


def keep_file(*, by: Principal, recipe: Recipe, content: IO[bytes], at: dt.datetime) -> PriceFile:
    """Keep a finished file for the dealer. Where it was made twice at once, the first stays."""
    found = kept_file(recipe.made.basis.dealer_id, recipe.key)
    if found:
        return found
    content.seek(0)
    row, _is_new = PriceFile.objects.get_or_create(
        dealer_id=recipe.made.basis.dealer_id,
        key=recipe.key,
        defaults={"stamp": recipe.made.stamp, "file_format": recipe.file_format.value, "asked_by_id": by.user_id},
    )
    _fill(row, recipe, content, at)
    return row


def _fill(row: PriceFile, recipe: Recipe, content: IO[bytes], at: dt.datetime) -> None:
    # The name tells nothing: whoever sees the folder learns no dealer and no version.
    row.file.save(f"{row.key}.{row.file_format}", File(content), save=False)
    row.size, row.made_at, row.used_at, row.told = row.file.size, at, at, recipe.told()
    row.save(update_fields=["file", "size", "made_at", "used_at", "told"])


def made_file(*, by: Principal, wanted: Wanted, at: dt.datetime) -> tuple[Recipe, PriceFile]:
    """The finished file of what is wanted, made now where it is not kept. Raises as `recipe_of` does, and Conflict when
    the catalogue keeps changing under it.
    """
    for _try in range(TRIES):
        recipe = recipe_of(by, wanted)
        row = kept_file(recipe.made.basis.dealer_id, recipe.key)
        if row:
            touch(row, at=at)
            return recipe, row
        with finished(recipe) as content:
            if content:
                return recipe, keep_file(by=by, recipe=recipe, content=content, at=at)
    raise Conflict(_("The catalogue is being changed right now. Take the list in a minute."))


def touch(row: PriceFile, *, at: dt.datetime) -> None:
    """The file was wanted again: it is kept on."""
    PriceFile.objects.filter(pk=row.pk, used_at__lt=at - HOUR).update(used_at=at)


def ask_file(*, by: Principal, wanted: Wanted, at: dt.datetime) -> PriceFile:
    """A file to be taken when it is ready: at once where it is kept or short, else a worker makes it.

    Each counts, whether it is then downloaded or not. Raises TooManyFiles, NotAllowed, what `recipe_of` raises, Conflict;
    then nothing changed.
    """
    require_allowance(by=by, at=at)
    recipe = recipe_of(by, wanted)
    _audit(by, ASKED, recipe.told(), counted=True)
    kept = kept_file(recipe.made.basis.dealer_id, recipe.key)
    if kept or not is_long(recipe.selection):
        recipe, row = made_file(by=by, wanted=wanted, at=at)
        row.asked, row.told = _asked(by, wanted, recipe), recipe.told()
        row.save(update_fields=["asked", "told"])
        return row
    with transaction.atomic():
        row, _is_new = PriceFile.objects.select_for_update().get_or_create(
            dealer_id=by.dealer_id or 0,
            key=recipe.key,
            defaults={"stamp": recipe.made.stamp, "file_format": wanted.file_format.value},
        )
        if row.job is None or row.job.ended_at:
            row.job = ask(kind=KIND, user_id=by.user_id)
        row.asked, row.asked_by_id, row.made_at, row.file = _asked(by, wanted, recipe), by.user_id, None, ""
        row.save()
    return row


def _asked(by: Principal, wanted: Wanted, recipe: Recipe) -> dict[str, object]:
    """What is needed to make the file, by whom and against which version."""
    return {**wanted.as_json(), "since": recipe.since_stamp, "membership": by.membership_id, "language": by.language}


def cancel_file(*, by: Principal, row: PriceFile) -> None:
    """Stop making a file, or forget one that is ready."""
    by.require(Right.VIEW_PRICES)
    if row.job and not row.job.ended_at:
        cancel(job=row.job)
    else:
        forget(row)


def run_next_file() -> bool:
    """Make the next file that waits, and say whether there was one."""
    return run_next(kind=KIND, work=_make)


def _make(job: Job, progress: Progress) -> Outcome:
    row = PriceFile.objects.get(job=job)
    membership = Membership.objects.in_force().acting().filter(pk=row.asked["membership"], dealer=row.dealer_id).first()
    if membership is None:
        raise FileNotReady(_("Whoever asked for this list no longer works for the company."))
    by = principals.of_membership(membership, language=row.asked["language"])
    for _try in range(TRIES):
        recipe = recipe_of(by, Wanted.from_json(row.asked))
        with finished(recipe, progress.tell) as content:
            if content:
                return _made(row, recipe, content)
    raise Conflict(_("The catalogue is being changed right now. Take the list in a minute."))


def _made(row: PriceFile, recipe: Recipe, content: IO[bytes]) -> Outcome:
    row.key, row.stamp = recipe.key, recipe.made.stamp
    try:
        with transaction.atomic():
            row.save(update_fields=["key", "stamp"])
    except IntegrityError as error:
        raise FileNotReady(_("Prices changed while the list was made, and the new one is there. Ask anew.")) from error
    _fill(row, recipe, content, timezone.now())
    return Outcome(report={"size": row.size, "stamp": row.stamp})


def forget(row: PriceFile) -> None:
    """Delete a file and its row."""
    name, storage = row.file.name, row.file.storage
    row.delete()
    if name:
        storage.delete(name)


def tidy_files(*, at: dt.datetime) -> int:
    """Delete files that nobody took for three days, then the longest unused beyond two gigabytes, then what belongs to
    no row; and versions that are too old to compare with. Answers how many files went.
    """
    gone = list(PriceFile.objects.filter(used_at__lt=at - KEPT_FOR))
    total = PriceFile.objects.filter(used_at__gte=at - KEPT_FOR).aggregate(sum=Sum("size"))["sum"] or 0
    for row in PriceFile.objects.filter(used_at__gte=at - KEPT_FOR, size__gt=0).order_by("used_at").iterator():
        if total <= KEPT_BYTES:
            break
        gone.append(row)
        total -= row.size
    for row in gone:
        forget(row)
    TakenList.objects.filter(taken_at__lt=at - LOOKED_BACK).delete()
    merge_changes(keep_former_since=at - LOOKED_BACK)
    return len(gone) + _forget_strays(at)


def _forget_strays(at: dt.datetime) -> int:
    """Files whose row was never written, or is gone: a worker was killed between the two."""
    storage = private_storage()
    try:
        names = storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return 0
    known = {PurePath(name).name for name in PriceFile.objects.exclude(file="").values_list("file", flat=True)}
    strays = [name for name in names if name not in known and storage.get_modified_time(FOLDER + name) < at - HOUR]
    for name in strays:
        storage.delete(FOLDER + name)
    return len(strays)
