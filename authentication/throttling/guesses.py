"""Guessing passwords is slow, and slows nobody down but whoever guesses (docs/adr/0055).

Wrong passwords are counted for an account together with the place they come from: a browser in
which the account's owner has signed in before, or else a network address. So nobody elsewhere
can use up the owner's tries, nor can a colleague behind the same address. Many wrong ones for
one account from anywhere, or from one address for any accounts, leave strangers fewer tries,
and the owner is told by e-mail. Nothing is ever locked.

To hash a password takes a third of a second, so strangers' tries from one address are counted
before, whatever the accounts; whoever signs in gives theirs back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from agencies.models import User
from authentication.sessions.devices import known_device
from outbox.post import post
from workflow.addresses import address_of
from workflow.rate_limits import Limit, how_long

FIVE_MINUTES, AN_HOUR, A_DAY = 5 * 60, 60 * 60, 24 * 60 * 60
HERE = Limit("wrong passwords here", 5, FIVE_MINUTES)
WARY = 2  # what is left of the five for strangers where much was wrong
OF_ACCOUNT = Limit("wrong passwords of an account", 20, AN_HOUR)
OF_ADDRESS = Limit("wrong passwords from an address", 30, AN_HOUR)
FROM_ADDRESS = Limit("passwords tried from an address", 20, 60)
TOLD = Limit("told of wrong passwords", 1, A_DAY)


@dataclass(frozen=True)
class Try:
    """One try at a password."""

    account: str
    address: str
    device: str  # empty, unless the owner has signed in with this browser

    @property
    def place(self) -> str:
        """Where it comes from."""
        return self.device or self.address

    def begin(self) -> str:
        """Count it; or say why it is not looked at, and how long to wait."""
        wary = OF_ACCOUNT.is_reached(self.account) or OF_ADDRESS.is_reached(self.address)
        tries = WARY if wary and not self.device else None
        if wait := HERE.take(self.account, self.place, tries=tries):
            return _(
                "Too many wrong passwords were entered here for this e-mail address."
                " Wait %s and try again."
            ) % how_long(wait)
        if not self.device and (wait := FROM_ADDRESS.take(self.address)):
            HERE.give_back(self.account, self.place)
            return _(
                "Too many passwords were tried from your network within a minute. Wait %s "
                "and try again."
            ) % how_long(wait)
        return ""

    def rollback(self) -> None:
        """It was right."""
        HERE.give_back(self.account, self.place)
        if not self.device:
            FROM_ADDRESS.give_back(self.address)

    def was_wrong(self) -> None:
        """It was wrong: others are warier, and the owner is told once a day."""
        OF_ADDRESS.take(self.address)
        OF_ACCOUNT.take(self.account)
        if OF_ACCOUNT.is_reached(self.account) and not TOLD.take(self.account):
            # Somebody who is not here is told nothing, by the same steps.
            user = User.objects.filter(email=self.account, is_active=True).first()
            post("signin.wrong_passwords", about=user or User(pk=uuid4()))


def a_try(request: HttpRequest, credentials: dict[str, Any]) -> Try:
    """A try at the account that was named, whether it exists or not."""
    account = str(credentials.get("email", "")).strip().lower()
    return Try(account, address_of(request), known_device(request, account))


CODES_HERE = Limit("wrong codes here", 5, FIVE_MINUTES)
CODES_OF_STRANGERS = Limit("wrong codes of strangers", 20, AN_HOUR)


def code_try(request: HttpRequest, user: User) -> Callable[[], None]:
    """Count one try at a code; raises ValidationError if there were too many.

    Answers how to count it no more, once it was right. Whoever comes so far knows the password,
    so strangers together have a limit too; the owner's own browsers are not bound by it.
    """
    who, device = str(user.pk), known_device(request, user.email)
    place = device or address_of(request)
    wait = CODES_HERE.take(who, place)
    if not wait and not device:
        wait = CODES_OF_STRANGERS.take(who)
    if wait:
        raise ValidationError(
            _("Too many wrong codes were entered. Wait %s and try again.") % how_long(wait)
        )

    def was_right() -> None:
        CODES_HERE.give_back(who, place)
        if not device:
            CODES_OF_STRANGERS.give_back(who)

    return was_right
