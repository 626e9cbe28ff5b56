"""The request that views receive: someone is signed in and acts for an agency."""

from django.http import HttpRequest

from agencies.acting import Actor
from agencies.models import Agency, User
from agencies.standing import Standing


class PortalRequest(HttpRequest):
    """A request of a signed-in person; set up by the portal's middleware."""

    user: User
    actor: Actor
    acting_choices: list[Agency]
    standing: Standing
