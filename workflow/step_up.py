"""Asking again who somebody is, before what cannot be taken back (docs/adr/0053).

A proof is what the sign-in library wrote down in the session: a password, a passkey, a code or a
single sign-on, at sign-in or since.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]
A_MINUTE = 60


class StepUpNeeded(Exception):
    """The last proof is too old; the portal asks for a new one and loses nothing typed."""


def step_up(view: View) -> View:
    """A view entered only by somebody who has just proved who they are."""

    @wraps(view)
    def asking(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not proved_lately(request):
            raise StepUpNeeded
        return view(request, *args, **kwargs)

    return asking


def proved_lately(request: HttpRequest) -> bool:
    """Whether the last proof is young enough; a fresh sign-in is one."""
    records = get_authentication_records(request, request.user)
    last = max((float(each["at"]) for each in records), default=0.0)
    return bool(time.time() - last < settings.STEP_UP_MINUTES * A_MINUTE)
