"""What was typed, until its results have been looked at: sealed in the session, under a random id.

The key to it is in the browser alone, in a cookie of these pages, so the words stand nowhere in
clear and no address holds them. Back and reload ask the same question again.
"""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import timedelta
from os import urandom
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agencies.http import PortalRequest
from encryption import aead
from sessions.browser_keys import give_key, key_in

IN_SESSION = "searches"
COOKIE = "portal_search"
SECONDS = 15 * 60
MOST = 5
BOUND_TO = b"portal search 1"


def keep(request: PortalRequest, typed: str) -> HttpResponse:
    """Keep it for a quarter of an hour, and lead to its results."""
    key, pk = key_in(request, COOKIE) or urandom(aead.KEY_BYTES), uuid4()
    entry = {
        "id": str(pk),
        "sealed": urlsafe_b64encode(aead.seal(key, typed.encode(), BOUND_TO + pk.bytes)).decode(),
        "agency": str(request.actor.agency.pk),
        "until": time.time() + SECONDS,
    }
    request.session[IN_SESSION] = [*_running(request), entry][-MOST:]
    response = redirect("requests:found", pk)
    path = reverse("requests:find")
    give_key(response, COOKIE, key, lasts=timedelta(seconds=SECONDS), path=path)
    return response


def typed_for(request: PortalRequest, pk: UUID) -> str | None:
    """What was typed, if this browser typed it lately for the agency that is acted for now."""
    own, key = (str(pk), str(request.actor.agency.pk)), key_in(request, COOKIE)
    for each in _running(request):
        if key and (each["id"], each["agency"]) == own:
            with suppress(InvalidTag):
                sealed = urlsafe_b64decode(each["sealed"])
                return aead.unseal(key, sealed, BOUND_TO + pk.bytes).decode()
    return None


def _running(request: PortalRequest) -> list[dict[str, Any]]:
    now = time.time()
    return [each for each in request.session.get(IN_SESSION, []) if each["until"] > now]
