"""The shared factories give what other rooms' tests rely on."""

import pytest

from accounts.enums import Right
from tests.factories import make_audience, make_dealer, make_member, make_region, make_staff

pytestmark = pytest.mark.django_db


def test_a_member_is_a_principal_with_its_audiences(principal_of):
    country = make_region()
    member = make_member("buyer", dealer=make_dealer(region=make_region(parent=country)))
    inside, outside = make_audience(regions=[country]), make_audience(roles=["owner"])
    principal = principal_of(member)
    assert principal.dealer_id == member.dealer_id
    assert principal.audience_ids == (inside.pk,)
    assert outside.pk not in principal.audience_ids
    assert principal.may(Right.PLACE_ORDERS)


def test_staff_are_principals_of_the_head_office(principal_of):
    assert principal_of(make_staff("manager")).is_head_office
