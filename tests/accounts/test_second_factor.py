"""The second factor: enrolled, given once, replaced, switched off, reset."""

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import principals, services
from accounts.errors import CodeRefused, LockedOut
from accounts.models import AuditEvent, Letter, RecoveryCode
from portal.lib.errors import Conflict, Missing
from tests.factories import PASSWORD, make_dealer, make_member, make_second_factor, make_staff, make_user

from .codes import code_of

pytestmark = pytest.mark.django_db


def half_signed_in(user):
    client = Client()
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    return client


def enrol(client):
    client.get("/second-factor/enrol/")
    device = TOTPDevice.objects.latest("pk")
    return client.post("/second-factor/enrol/", {"code": code_of(device), "next": "/profile/"})


def codes_in(answer):
    return re.findall(r"[a-z2-9]{5}-[a-z2-9]{5}(?=</li>)", answer.content.decode())


def test_the_head_office_is_led_to_enrolment_and_comes_in_with_the_code():
    user = make_staff("manager")
    client = half_signed_in(user)
    assert client.get("/profile/").url == "/second-factor/?next=%2Fprofile%2F"
    assert client.get("/second-factor/?next=/profile/").url == "/second-factor/enrol/?next=/profile/"
    page = client.get("/second-factor/enrol/").content.decode()
    assert '<svg class="qr"' in page
    assert " style=" not in page
    answer = enrol(client)
    assert answer.status_code == 200
    assert len(codes_in(answer)) == 10
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/profile/").status_code == 200
    assert list(Letter.objects.values_list("kind", flat=True)) == ["second_factor_on"]


def test_the_picture_stays_the_same_until_it_is_used(client_of):
    client = client_of(make_member())
    first, second = client.get("/second-factor/enrol/").content, client.get("/second-factor/enrol/").content
    assert re.search(rb"[A-Z2-7]{4}( [A-Z2-7]{4})+", first)[0] == re.search(rb"[A-Z2-7]{4}( [A-Z2-7]{4})+", second)[0]


def test_a_wrong_first_code_switches_nothing_on(client_of):
    member = make_member()
    client = client_of(member)
    client.get("/second-factor/enrol/")
    answer = client.post("/second-factor/enrol/", {"code": "000000"})
    assert answer.status_code == 422
    assert not TOTPDevice.objects.filter(confirmed=True).exists()


def test_at_the_next_sign_in_the_code_is_asked_for():
    user = make_staff()
    device = make_second_factor(user)
    client = half_signed_in(user)
    assert client.post("/second-factor/", {"code": "000000"}).status_code == 422
    device.refresh_from_db()
    device.throttle_reset()
    assert client.post("/second-factor/", {"code": code_of(device), "next": "/profile/"}).url == "/profile/"
    assert client.get("/profile/").status_code == 200
    assert AuditEvent.objects.filter(verb="sign_in.succeeded").count() == 1


def test_the_code_may_be_typed_with_spaces():
    user = make_member().user
    device = make_second_factor(user)
    code = code_of(device)
    assert services.prove(by=principals.NOBODY, user=user, code=f" {code[:3]} {code[3:]}") == device


def test_a_code_works_once():
    user = make_member().user
    device = make_second_factor(user)
    code = code_of(device)
    services.prove(by=principals.NOBODY, user=user, code=code)
    with pytest.raises(CodeRefused):
        services.prove(by=principals.NOBODY, user=user, code=code)


def test_guessing_is_slowed_down_and_the_moment_is_named():
    user = make_member().user
    device = make_second_factor(user)
    with pytest.raises(CodeRefused):
        services.prove(by=principals.NOBODY, user=user, code="000000")
    with pytest.raises(LockedOut) as refusal:
        services.prove(by=principals.NOBODY, user=user, code=code_of(device))
    assert refusal.value.extra["retry_after"] >= 1
    device.refresh_from_db()
    assert device.throttling_failure_count == 1


def test_a_recovery_code_works_once_and_is_not_kept_as_text():
    user = make_member().user
    make_second_factor(user)
    codes = services.new_recovery_codes(by=principals.NOBODY, user=user)
    kept = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}
    services.prove(by=principals.NOBODY, user=user, code=codes[0].upper())
    assert RecoveryCode.objects.count() == 9
    with pytest.raises(CodeRefused):
        services.prove(by=principals.NOBODY, user=user, code=codes[0])
    assert Letter.objects.get().facts == {"left": 9}


def test_recovery_codes_of_another_person_do_not_work():
    first, second = make_member().user, make_member().user
    make_second_factor(first), make_second_factor(second)
    codes = services.new_recovery_codes(by=principals.NOBODY, user=first)
    with pytest.raises(CodeRefused):
        services.prove(by=principals.NOBODY, user=second, code=codes[0])
    assert RecoveryCode.objects.count() == 10


def test_new_recovery_codes_take_the_password_and_void_the_old(client_of):
    user = make_member().user
    make_second_factor(user)
    old = services.new_recovery_codes(by=principals.NOBODY, user=user)
    client = client_of(user.memberships.get())
    assert client.post("/second-factor/codes/", {"password": "wrong"}).status_code == 422
    answer = client.post("/second-factor/codes/", {"password": PASSWORD})
    assert len(codes_in(answer)) == 10
    with pytest.raises(CodeRefused):
        services.prove(by=principals.NOBODY, user=user, code=old[0])


def test_another_phone_takes_the_place_of_the_first(client_of):
    member = make_member()
    first = make_second_factor(member.user)
    client = client_of(member)
    former = {"password": PASSWORD, "code": code_of(first)}
    assert client.post("/second-factor/enrol/", former).url == "/second-factor/enrol/"
    assert enrol(client).status_code == 200
    assert not TOTPDevice.objects.filter(pk=first.pk).exists()
    assert client.get("/profile/").status_code == 200
    # Replacing is not another sign-in.
    assert AuditEvent.objects.filter(verb="sign_in.succeeded").count() == 0


@pytest.mark.parametrize(
    "given", [{}, {"password": PASSWORD}, {"password": "wrong"}, {"password": PASSWORD, "code": "1"}]
)
def test_an_open_session_alone_replaces_no_phone(client_of, given):
    member = make_member()
    first = make_second_factor(member.user)
    client = client_of(member)
    page = client.get("/second-factor/enrol/").content.decode()
    assert "qr-box" not in page
    fitting = {"code": code_of(first)} if given.get("password") == "wrong" else {}
    assert client.post("/second-factor/enrol/", {**given, **fitting}).status_code in (200, 422)
    waiting = services.begin_enrolment(user=member.user)
    assert client.post("/second-factor/enrol/", {"code": code_of(waiting)}).status_code == 422
    assert list(TOTPDevice.objects.filter(confirmed=True)) == [first]


def test_a_recovery_code_replaces_a_lost_phone_and_once_only(client_of):
    member = make_member()
    make_second_factor(member.user)
    codes = services.new_recovery_codes(by=principals.NOBODY, user=member.user)
    client = client_of(member)
    client.post("/second-factor/enrol/", {"password": PASSWORD, "code": codes[0]})
    assert enrol(client).status_code == 200
    # The permission went with the replacement.
    assert "qr-box" not in client.get("/second-factor/enrol/").content.decode()


def test_it_can_be_switched_off_where_nobody_requires_it(client_of):
    member = make_member()
    make_second_factor(member.user)
    client = client_of(member)
    assert client.post("/second-factor/off/", {"password": "wrong"}).status_code == 422
    assert client.post("/second-factor/off/", {"password": PASSWORD}).url == "/profile/"
    assert not TOTPDevice.objects.exists()
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("who", ["head office", "demanded"])
def test_it_cannot_be_switched_off_where_it_is_required(client_of, who):
    subject = make_staff() if who == "head office" else make_member(second_factor_required=True)
    client = client_of(subject)
    answer = client.post("/second-factor/off/", {"password": PASSWORD})
    assert answer.status_code == 409
    assert TOTPDevice.objects.filter(confirmed=True).count() == 1


def test_an_owner_resets_a_colleague_who_then_is_told_and_signed_out(client_of):
    dealer = make_dealer()
    owner, colleague = make_member("owner", dealer=dealer), make_member(dealer=dealer)
    make_second_factor(colleague.user)
    theirs = client_of(colleague)
    client_of(owner).post(f"/people/{colleague.pk}/second-factor/reset/")
    assert not TOTPDevice.objects.filter(user=colleague.user).exists()
    assert theirs.get("/profile/").url.startswith("/sign-in/")
    assert list(Letter.objects.values_list("email", "kind")) == [(colleague.user.email, "second_factor_reset")]
    assert AuditEvent.objects.get(verb="second_factor.reset").actor == owner.user


def test_an_owner_does_not_reset_who_is_also_elsewhere(principal_of):
    owner = make_member("owner")
    colleague = make_member("reader", dealer=owner.dealer)
    make_member("owner", user=colleague.user)
    make_second_factor(colleague.user)
    with pytest.raises(Conflict):
        services.reset_second_factor(by=principal_of(owner), user=colleague.user)
    assert TOTPDevice.objects.count() == 1
    services.reset_second_factor(by=principal_of(make_staff("manager")), user=colleague.user)
    assert TOTPDevice.objects.filter(user=colleague.user).count() == 0


def test_nobody_resets_strangers_superiors_or_themselves(principal_of):
    owner, stranger = make_member("owner"), make_member()
    manager, administrator = make_staff("manager"), make_staff("administrator")
    with pytest.raises(Missing):
        services.reset_second_factor(by=principal_of(owner), user=stranger.user)
    with pytest.raises(Missing):
        services.reset_second_factor(by=principal_of(owner), user=manager)
    with pytest.raises(Exception, match="role does not include"):
        services.reset_second_factor(by=principal_of(manager), user=administrator)
    with pytest.raises(Conflict):
        services.reset_second_factor(by=principal_of(administrator), user=administrator)


@pytest.mark.django_db(transaction=True)
def test_one_code_in_many_requests_at_once_is_accepted_once():
    user = make_user()
    code = code_of(make_second_factor(user))
    results = in_threads(8, lambda: services.prove(by=principals.NOBODY, user=user, code=code))
    assert results.count("accepted") == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_a_code_is_accepted_twice():
    """What the lock is for: two objects read before either is used both say yes."""
    device = make_second_factor(make_user())
    code = code_of(device)
    first, second = TOTPDevice.objects.get(pk=device.pk), TOTPDevice.objects.get(pk=device.pk)
    assert [first.verify_token(code), second.verify_token(code)] == [True, True]


@pytest.mark.django_db(transaction=True)
def test_one_recovery_code_in_many_requests_at_once_is_accepted_once():
    user = make_user()
    make_second_factor(user)
    code = services.new_recovery_codes(by=principals.NOBODY, user=user)[0]
    results = in_threads(6, lambda: services.prove(by=principals.NOBODY, user=user, code=code))
    assert results.count("accepted") == 1


def in_threads(count, act):
    """What became of `act` in so many threads that begin together."""
    results, barrier = [], threading.Barrier(count)

    def run():
        barrier.wait()
        try:
            act()
            results.append("accepted")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
