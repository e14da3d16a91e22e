"""Who owes a second factor and has given the password alone: every door is tried, none opens."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import principals, services
from accounts.models import ApiToken, Membership
from accounts.services.passwords import reset_link
from tests.factories import PASSWORD, make_member, make_second_factor, make_staff, make_user

from .codes import code_of

pytestmark = pytest.mark.django_db

WHO = ["administrator", "editor", "demanded", "enrolled"]
PAGES = ["/", "/profile/", "/people/", "/catalogue/", "/cart/", "/orders/", "/clients/", "/search/?q=x", "/knowledge/"]
DESK = ["/cms/", "/cms/pages/", "/cms/account/", "/cms/desk/people/", "/cms/images/", "/cms/reports/site-history/"]
DOORS = ["/cms/login/", "/cms/logout/", "/cms/password_reset/", "/cms/users/", "/cms/groups/"]
API = ["/api/v1/me/", "/api/v1/products/", "/api/v1/orders/", "/api/v1/clients/", "/api/v1/pages/"]


@pytest.fixture
def user(request):
    """Somebody who owes a second factor, for this reason."""
    if request.param == "demanded":
        return make_member("owner", second_factor_required=True).user
    user = make_member("owner").user if request.param == "enrolled" else make_staff(request.param)
    make_second_factor(user)
    return user


def half_signed_in(user):
    client = Client()
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get("/profile/").status_code == 200


@pytest.mark.parametrize("user", WHO, indirect=True)
@pytest.mark.parametrize("address", PAGES + DESK + DOORS)
def test_no_page_and_no_desk_answers(user, address):
    answer = half_signed_in(user).get(address)
    assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (302, "/second-factor/")


@pytest.mark.parametrize("user", WHO, indirect=True)
@pytest.mark.parametrize("address", API)
def test_the_api_does_not_take_the_half_session(user, address):
    answer = half_signed_in(user).get(address)
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")


@pytest.mark.parametrize("user", WHO, indirect=True)
def test_the_api_gives_no_token_for_the_password_alone(user):
    answer = Client().post("/api/v1/auth/token/", {"email": user.email, "password": PASSWORD}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("address", ["/sign-in/", "/cms/login/"])
def test_the_admin_has_no_door_of_its_own(address):
    user = make_staff()
    make_second_factor(user)
    client = Client()
    client.post(address, {"username": user.email, "email": user.email, "password": PASSWORD})
    assert not is_in(client)


def test_basic_authentication_is_not_heard():
    import base64

    user = make_staff()
    words = base64.b64encode(f"{user.email}:{PASSWORD}".encode()).decode()
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Basic {words}"}).status_code == 401


@pytest.mark.parametrize("user", WHO, indirect=True)
def test_a_password_reset_leads_to_the_same_question(user):
    client = Client()
    uid, token = reset_link(user)
    answer = client.post(f"/password/reset/{uid}/{token}/", {"password": "another long phrase 9"})
    assert answer.url == "/sign-in/"
    assert not is_in(client)
    client.post("/sign-in/", {"email": user.email, "password": "another long phrase 9"})
    assert not is_in(client)


def test_the_reset_leaves_the_phone_enrolled():
    user = make_staff()
    device = make_second_factor(user)
    uid, token = reset_link(user)
    Client().post(f"/password/reset/{uid}/{token}/", {"password": "another long phrase 9"})
    assert TOTPDevice.objects.get(user=user) == device


@pytest.mark.parametrize("user", ["administrator", "enrolled"], indirect=True)
def test_the_password_alone_does_not_enrol_another_phone(user):
    client = half_signed_in(user)
    assert client.get("/second-factor/enrol/").url == "/second-factor/"
    waiting = services.begin_enrolment(user=user)
    assert client.post("/second-factor/enrol/", {"code": code_of(waiting)}).url == "/second-factor/"
    assert not is_in(client)


@pytest.mark.parametrize("user", ["enrolled"], indirect=True)
@pytest.mark.parametrize("address", ["/second-factor/codes/", "/second-factor/off/"])
def test_the_password_alone_neither_switches_off_nor_makes_codes(user, address):
    client = half_signed_in(user)
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    assert TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    assert not user.recovery_codes.exists()


def test_another_persons_device_in_the_session_proves_nothing():
    user, other = make_staff(), make_member().user
    make_second_factor(user)
    client = half_signed_in(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = make_second_factor(other).persistent_id
    session.save()
    assert not is_in(client)


def test_an_unconfirmed_device_in_the_session_proves_nothing():
    user = make_staff()
    client = half_signed_in(user)
    waiting = services.begin_enrolment(user=user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = waiting.persistent_id
    session.save()
    assert not is_in(client)


def test_a_session_of_before_the_demand_is_asked_too(client_of):
    member = make_member()
    client = client_of(member)
    assert is_in(client)
    Membership.objects.filter(pk=member.pk).update(second_factor_required=True)
    assert client.get("/profile/").url.startswith("/second-factor/")


def test_a_token_of_before_the_demand_stops_working(api_client, principal_of):
    member = make_member()
    token, text = services.create_token(by=principal_of(member), name="old", second_factor=False)
    client = api_client()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    assert client.get("/api/v1/me/").status_code == 200
    Membership.objects.filter(pk=member.pk).update(second_factor_required=True)
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
    # One that was made with it goes on.
    ApiToken.objects.filter(pk=token.pk).update(second_factor=True)
    assert client.get("/api/v1/me/").status_code == 200


def test_an_invitation_to_the_head_office_leads_to_enrolment(principal_of):
    services.invite(by=principal_of(make_staff()), email="new@example.com", staff_role="editor", language="en")
    services.send_due_letters(at=timezone.now())
    link = mail.outbox[0].body.split("/invitation/")[1].split()[0]
    client = Client()
    answer = client.post(
        f"/invitation/{link}", {"first_name": "Eva", "last_name": "New", "password": "a long phrase of mine"}
    )
    assert answer.status_code == 302
    assert client.get("/cms/").url.startswith("/second-factor/")


def test_a_signed_in_dealer_does_not_come_into_the_desk(client_of):
    client = client_of(make_member("owner"))
    assert client.get("/cms/login/").status_code == 403
    answer = client.get("/cms/", follow=True)
    assert answer.status_code == 403


def test_control_with_the_code_everything_opens():
    user = make_staff()
    device = make_second_factor(user)
    client = half_signed_in(user)
    client.post("/second-factor/", {"code": code_of(device)})
    assert is_in(client)
    assert client.get("/cms/").status_code == 200
    assert client.get("/api/v1/me/").status_code == 200


def test_control_without_the_middleware_the_password_alone_would_do(settings):
    """What keeps the doors shut is the middleware: a principal made past it has every right."""
    user = make_user(staff_role="administrator")
    assert principals.of_user(user).rights
