"""A NUL in an address or a form is refused before anything asks the database."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/sign-in/?next=%00", "/no%00where/"])
def test_a_nul_in_an_address_is_a_bad_request(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_nul_in_the_address_of_the_api_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/products/?q=a%00b")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("kind", ["multipart", "urlencoded"])
def test_a_nul_in_a_form_is_a_bad_request(client: Client, kind: str) -> None:
    if kind == "multipart":
        answer = client.post("/sign-in/", {"username": "a\0b", "password": "x"})
    else:
        answer = client.post("/sign-in/", "username=a%00b", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_without_a_nul_the_page_opens(client: Client) -> None:
    assert client.get("/sign-in/?next=/").status_code == 200


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"email": "\\ud800", "password": "x"}', '{"a":' * 3000 + "1" + "}" * 3000]
)
def test_json_that_cannot_be_kept_is_a_bad_request(client: Client, body: str) -> None:
    answer = client.post("/api/v1/auth/token/", body, content_type="application/json")
    assert answer.status_code == 400
