"""The request that views receive: someone is signed in and acts for an agency."""

from django.http import HttpRequest

from agencies.acting import Actor
from agencies.eligibility import Standing
from agencies.models import Agency, User


class PortalRequest(HttpRequest):
    """A request of a signed-in person; set up by the portal's middleware."""

    user: User
    actor: Actor
    acting_choices: list[Agency]
    standing: Standing
