"""One key, one effect: also at once, also after a failure."""

import threading

import pytest
from django.db import connection

from accounts.errors import KeyReused
from accounts.idempotency import once
from accounts.models import IdempotencyKey, Region
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db


def act(by, key="k", body="b", code="made"):
    with once(by=by, key=key, endpoint="test", body_hash=body) as attempt:
        if attempt.result is not None:
            return attempt.result
        region = Region.objects.create(code=code, name_ru="р", name_en="r", path=code)
        attempt.keep({"id": region.pk})
        return {"id": region.pk}


def test_the_same_key_gives_the_kept_answer(principal_of):
    by = principal_of(make_member())
    assert act(by) == act(by)
    assert Region.objects.filter(code="made").count() == 1


def test_another_body_is_refused_and_changes_nothing(principal_of):
    by = principal_of(make_member())
    act(by)
    with pytest.raises(KeyReused):
        act(by, body="other", code="another")
    assert not Region.objects.filter(code="another").exists()


def test_a_key_is_a_persons_own_in_one_place(principal_of):
    user = make_user()
    first, second = make_member(user=user), make_member(user=user)
    for n, member in enumerate((first, second, make_member())):
        act(principal_of(member), code=f"region-of-{n}")
    assert IdempotencyKey.objects.count() == 3


def test_a_failure_frees_the_key(principal_of):
    by = principal_of(make_member())
    with pytest.raises(ZeroDivisionError), once(by=by, key="k", endpoint="test", body_hash="b"):
        raise ZeroDivisionError
    assert not IdempotencyKey.objects.exists()
    assert act(by)


def test_an_effect_without_an_answer_is_taken_back(principal_of):
    by = principal_of(make_member())
    with pytest.raises(RuntimeError), once(by=by, key="k", endpoint="test", body_hash="b"):
        Region.objects.create(code="lost", name_ru="р", name_en="r", path="lost")
    assert not Region.objects.filter(code="lost").exists()


@pytest.mark.django_db(transaction=True)
def test_at_once_it_happens_once(principal_of):
    by = principal_of(make_member())
    before = Region.objects.count()
    barrier, answers = threading.Barrier(6), []

    def run(n):
        barrier.wait()
        try:
            answers.append(act(by, code=f"made-{n}")["id"])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(answers), len(set(answers)), Region.objects.count() - before) == (6, 1, 1)
