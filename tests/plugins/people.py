"""The cast, and a client signed in as one of them."""

import time
from collections.abc import Callable

import pytest
from allauth.account.internal.flows import login
from django.test import Client

from agencies.models import User
from tests.cast import Cast, gather_cast


def sign_in(client: Client, user: User, *, ago: float = 0) -> Client:
    """Sign a person in who has proved who they are just now, or ``ago`` seconds before."""
    client.force_login(user)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() - ago, "email": user.email}
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def cast(db: None) -> Cast:
    """One person for each role, and some who should get nowhere."""
    return gather_cast()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """``signed_in("requester")``: a client of that person."""

    return lambda name: sign_in(Client(), cast.users[name])
