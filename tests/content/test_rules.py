"""What counts as changed, read and asked for."""

import datetime as dt

from content.rules import Version, changed_ids, digests, minutes_to_read, version_to_acknowledge, version_to_compare

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def versions(*significances):
    return [Version(n, s, NOW) for n, s in enumerate(significances, 1)]


def test_digests_name_blocks_and_steps():
    steps = {"type": "steps", "id": "s", "value": [{"type": "item", "id": "s1", "value": {"title": "a"}}]}
    before = digests([{"type": "paragraph", "id": "p", "value": "x"}, steps])
    assert set(before) == {"p", "s", "s1"}
    changed = {**steps, "value": [*steps["value"], {"type": "item", "id": "s2", "value": {"title": "b"}}]}
    after = digests([{"type": "paragraph", "id": "p", "value": "x"}, changed])
    assert changed_ids(before, after) == {"s", "s2"}


def test_minutes_are_at_least_one():
    assert (minutes_to_read(0), minutes_to_read(160), minutes_to_read(640)) == (1, 1, 4)


def test_confirmation_holds_from_the_last_major_version():
    assert version_to_acknowledge([]) == 0
    assert version_to_acknowledge(versions("notable", "typo")) == 1
    assert version_to_acknowledge(versions("notable", "major", "notable")) == 2


def test_who_never_read_is_shown_no_changes():
    assert version_to_compare(versions("notable", "notable"), {}, NOW) is None


def test_changes_are_against_the_last_version_read():
    assert version_to_compare(versions("notable", "notable", "notable"), {1: NOW - 9 * DAY, 2: NOW - 5 * DAY}, NOW) == 2


def test_typos_are_not_shown():
    assert version_to_compare(versions("notable", "typo"), {1: NOW - DAY}, NOW) is None
    assert version_to_compare(versions("notable", "typo", "notable"), {1: NOW - DAY}, NOW) == 1


def test_marks_stay_for_a_while_after_the_first_look():
    reads = {1: NOW - 9 * DAY, 2: NOW - dt.timedelta(hours=1)}
    assert version_to_compare(versions("notable", "notable"), reads, NOW) == 1
    assert version_to_compare(versions("notable", "notable"), reads, NOW + DAY) is None
