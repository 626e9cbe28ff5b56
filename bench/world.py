"""The people and the records that measurements are made on."""

import functools
from typing import Any

from django.conf import settings
from django.test import Client

from tests.cast import Cast, gather_cast
from tests.plugins.people import sign_in

ANSWERED = 200


@functools.cache
def cast() -> Cast:
    """The people of the tests, once."""
    settings.ALLOWED_HOSTS = ["testserver"]
    return gather_cast()


def signed_in(who: str) -> Client:
    """A browser of one of them, who proved just now who they are: filling takes its time."""
    return sign_in(Client(), cast().users[who])


def got(client: Client, there: str) -> Any:
    """The page; SystemExit where it is none."""
    answer = client.get(there)
    if answer.status_code != ANSWERED:
        raise SystemExit(f"{there} answers {answer.status_code}")
    return answer
