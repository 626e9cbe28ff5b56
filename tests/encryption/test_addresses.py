"""One home, however its address is written; and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encryption.addresses import address_in
from encryption.tokens import address_tokens, home_tokens

HOME = "Flat 2, 14 Elm Road, Anytown, AB1 2CD"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HOME, "flat 2 14 elm rd ab12cd"),
        (HOME, "2/14 Elm Rd."),
        (HOME, "Flat 2\n14 Elm Road\nAnytown"),
        (HOME, "2, 14, AB1 2CD"),
        ("14 a Broadway, Anytown", "14A BROADWAY"),
        ("5 Saint Mary's Road", "5 St. Marys Rd"),
        ("12 4th Avenue", "No. 12, 4th Ave"),
        ("Rose Cottage, Church Lane, AB1 2CD", "rose cottage AB12CD"),
        ("Flat 2, Maple House, 3 High St", "flat 2, 3 High Street, Anytown"),
        ("7 Łąkowa Street", "7 Lakowa St"),
    ],
)
def test_the_same_home(one, other):
    assert address_in(one).homes & address_in(other).homes
    assert set(home_tokens(address_in(one))) & set(home_tokens(address_in(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HOME, "Flat 3, 14 Elm Road, Anytown, AB1 2CD"),
        (HOME, "14 Elm Road, Anytown, AB1 2CD"),
        ("14 Elm Road", "14 Elm Lane"),
        ("14 Elm Road", "14a Elm Road"),
        ("14 Elm Road, AB1 2CD", "16 Elm Road, AB1 2CD"),
        ("Rose Cottage, AB1 2CD", "Rose Cottage, AB1 3CD"),
    ],
)
def test_another_home(one, other):
    assert not address_in(one).homes & address_in(other).homes


def test_neighbours_share_a_place():
    neighbour = address_in("Flat 3, 14 Elm Road")
    assert address_in(HOME).places & neighbour.places
    assert address_in(HOME).places & address_in("99 Oak Way, AB1 2CD").places


@pytest.mark.parametrize("text", ["", "unknown", "no fixed abode", "12345", "Anytown", "|", "🏠"])
def test_what_is_no_home_has_none(text):
    assert not address_in(text).homes
    assert not address_tokens(text)


@given(st.text(max_size=300))
def test_anything_typed_is_an_answer(text):
    address_in(text)
    address_tokens(text)
