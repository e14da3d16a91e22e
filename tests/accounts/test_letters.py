"""Letters are owed in the transaction of their cause, sent once, and tried again when the mail server fails."""

import datetime as dt
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts import services, tasks
from accounts.models import IdempotencyKey, Invitation, Letter
from accounts.services.letters import NOTICES, TRIES
from accounts.services.purge import INVITATIONS_KEPT_FOR
from tests.factories import make_dealer, make_member, make_token, make_user

pytestmark = pytest.mark.django_db
FACTS = {
    "second_factor_demanded": {"dealer": "North"},
    "recovery_code_used": {"left": 3},
    "dealer_without_owner": {"dealer": "North"},
}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", NOTICES)
def test_every_notice_can_be_read(kind, language):
    services.owe_letter(to=make_user(language=language), kind=kind, **FACTS.get(kind, {}))
    assert services.send_due_letters(at=timezone.now()) == 1
    letter = mail.outbox[0]
    html, kind_of = letter.alternatives[0]
    assert letter.subject
    assert kind_of == "text/html"
    assert "/profile/" in letter.body
    assert "/profile/" in html
    assert f'<html lang="{language}"' in html
    assert "%(" not in letter.subject + letter.body


def test_the_same_letter_is_owed_once():
    user = make_user()
    for _ in range(3):
        services.owe_letter(to=user, kind="password_changed")
    services.send_due_letters(at=timezone.now())
    services.send_due_letters(at=timezone.now())
    assert len(mail.outbox) == 1


class Broken(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("gone")


def test_a_failing_mail_server_is_asked_again_later_and_given_up_in_the_end(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    services.owe_letter(to=make_user(), kind="password_changed")
    at = timezone.now()
    assert services.send_due_letters(at=at) == 0
    letter = Letter.objects.get()
    assert (letter.failures, letter.due_at) == (1, at + dt.timedelta(minutes=1))
    assert services.send_due_letters(at=at + dt.timedelta(seconds=59)) == 0
    assert Letter.objects.get().failures == 1
    for n in range(1, TRIES):
        services.send_due_letters(at=at + dt.timedelta(days=n))
    assert not Letter.objects.exists()


def test_what_failed_goes_out_when_the_server_is_back(settings):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    dealer = make_dealer()
    invitation = Invitation.objects.create(
        email="a@example.com",
        dealer=dealer,
        role="buyer",
        invited_by=make_user(),
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    services.owe_letter(to="a@example.com", kind="invitation", language="en", invitation=invitation.pk)
    services.send_due_letters(at=timezone.now())
    invitation.refresh_from_db()
    assert invitation.token_hash is None  # the secret of a letter that nobody got opens nothing
    settings.EMAIL_BACKEND = working
    services.send_due_letters(at=timezone.now() + dt.timedelta(hours=1))
    assert services.open_invitation(mail.outbox[0].body.split("/invitation/")[1].split("/")[0]) == invitation


def test_the_clock_sends_letters():
    services.owe_letter(to=make_user(), kind="password_changed")
    tasks.send_letters(timestamp=0)
    assert len(mail.outbox) == 1


def test_waking_twice_queues_one_job_and_breaks_no_transaction():
    from procrastinate.contrib.django.models import ProcrastinateJob

    tasks.wake_letters()
    tasks.wake_letters()
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_letters").count() == 1


def test_the_purge_takes_what_is_past_its_time_and_nothing_else(principal_of):
    member = make_member()
    now = timezone.now()
    for n, age in enumerate((dt.timedelta(days=6), dt.timedelta(days=8))):
        key = IdempotencyKey.objects.create(user=member.user, endpoint="e", key=str(n), body_hash="")
        IdempotencyKey.objects.filter(pk=key.pk).update(created_at=now - age)
    for n, age in enumerate((dt.timedelta(days=1), INVITATIONS_KEPT_FOR + dt.timedelta(days=1))):
        Invitation.objects.create(
            email=f"{n}@example.com", dealer=member.dealer, role="buyer", invited_by=member.user, expires_at=now - age
        )
    services.begin_enrolment(user=member.user)
    make_token(member)
    deleted = tasks.purge(timestamp=0) or services.purge(at=now)
    assert deleted == dict.fromkeys(deleted, 0)
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["0"]
    assert list(Invitation.objects.values_list("email", flat=True)) == ["0@example.com"]
    assert member.user.totpdevice_set.count() == 1
    assert member.user.auth_token_set.count() == 1
