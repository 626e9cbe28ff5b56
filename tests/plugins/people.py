"""The cast, and a client signed in as one of them."""

import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from allauth.account.internal.flows import login
from django.test import Client
from django.utils import timezone

from agencies.models import User
from tests.cast import Cast, gather_cast, present_cast
from tests.plugins import checkpoints
from tests.plugins.rows import Empty, Rows


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


class KeptCast:
    """The cast of one day, made once and put back before each test that asks for it."""

    def __init__(self, empty: Empty) -> None:
        self.empty = empty
        self.day: date | None = None
        self.rows = Rows()

    def gather(self) -> tuple[Cast, bool]:
        """Put the cast into a portal without people; beside some, or at another time, make it.

        Also whether it stands there alone, and as it always does.
        """
        if time_machine.escape_hatch.is_travelling() or not self.rows.are_gone():
            return gather_cast(), False
        alone = self.empty.is_here()
        today = timezone.localdate()
        if self.day == today:
            self.rows.put_back()
            return present_cast(), alone
        made = gather_cast()
        if alone:
            self.day, self.rows = today, Rows.of_now(apart_from=self.empty.rows)
        return made, alone


@pytest.fixture(scope="session")
def kept_cast(django_db_setup: Empty) -> KeptCast:
    """What every test's ``cast`` comes from."""
    return KeptCast(django_db_setup)


@pytest.fixture
def cast(db: None, kept_cast: KeptCast, request: pytest.FixtureRequest) -> Iterator[Cast]:
    """One person for each role, and some who should get nowhere."""
    cast, alone = kept_cast.gather()
    with checkpoints.around(cast, request, kept_cast.rows if alone else None):
        yield cast


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """``signed_in("requester")``: a client of that person."""

    return lambda name: sign_in(Client(), cast.users[name])
