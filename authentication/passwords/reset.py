"""Asking for a new password takes the same steps whether the address is known or not."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from agencies.models import User
from authentication.sessions.devices import known_device
from outbox.post import post
from workflow.addresses import address_of
from workflow.rate_limits import Limit, how_long

AN_HOUR = 60 * 60
ASKED_HERE = Limit("new passwords asked for here", 5, AN_HOUR)
# A second e-mail within this time would say what the first does; nobody's box is filled.
SENT = Limit("letters about a new password", 1, 120)


def may_ask(request: HttpRequest, account: str) -> None:
    """Count the question for the account and the place; raises ValidationError, with the wait."""
    place = known_device(request, account) or address_of(request)
    if wait := ASKED_HERE.take(account, place):
        raise ValidationError(
            _("A new password was asked for too often. Wait %s and try again.") % how_long(wait)
        )


def ask(account: str) -> None:
    """Promise the e-mail. The outbox finds out whether there is anybody to send it to."""
    user = User.objects.filter(email=account, is_active=True).only("pk").first()
    if not SENT.take(account):
        post("signin.password_reset", about=user or User(pk=uuid4()))
