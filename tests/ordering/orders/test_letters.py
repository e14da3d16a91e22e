"""The e-mail about an order: owed in the transaction, sent once by the worker, read in the person's language."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from ordering.orders.models import Letter
from ordering.orders.services import send_letter
from tests.factories_orders import NOON, make_shop

pytestmark = pytest.mark.django_db


def test_the_letter_says_the_news_first_and_goes_once() -> None:
    shop = make_shop(2, on_hand=3, backorder=True)
    order = shop.order(2, 5)
    assert mail.outbox == []
    assert [send_letter(at=NOON) for _ in range(2)] == [True, False]
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([shop.buyer.user.email], f"Order {order.number} is placed: ₽854.00")
    html = letter.alternatives[0].content
    for words in (
        shop.products[0].name_en,
        shop.products[1].sku,
        f"/orders/{order.number}/",
        "₽854.00",
        "on backorder",
    ):
        assert words in letter.body, words
        assert words in html, words
    assert Letter.objects.get().sent_at == NOON


def test_a_letter_that_fails_is_tried_again_later_and_given_up_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    make_shop(1).order(1)

    def down(self: EmailBackend, messages: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", down)
    at = NOON
    for _attempt in range(5):
        assert send_letter(at=at)
        assert not send_letter(at=at)
        at += dt.timedelta(days=1)
    assert not send_letter(at=at)
    assert Letter.objects.get().sent_at is None
