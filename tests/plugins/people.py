"""The cast, and a client signed in as one of them."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast, gather_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """One person for each role, and some who should get nowhere."""
    return gather_cast()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """``signed_in("requester")``: a client of that person."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.users[name])
        return client

    return sign_in
