"""Ending sessions: one's own one by one, and all of somebody whose sign-in has changed."""

from typing import Any
from uuid import UUID

from signed_in.models import Session
from signed_in.store import digest


def end_all_sessions(user: Any, *, but: str = "") -> int:
    """End every session of a person on the very next request; how many there were.

    For whatever changes what a person may do or how they prove who they are. ``but`` is the key
    of the session in which they did it themselves (``request.session.session_key``). In a
    transaction it is done when that commits, and not at all if it rolls back.
    """
    theirs = Session.objects.filter(person=user.pk)
    ended, _ = theirs.exclude(session_key=digest(but)).delete()
    return ended


def end_session(user: Any, number: UUID) -> bool:
    """End one session of this person; whether there was one of theirs by that number."""
    ended, _ = Session.objects.filter(person=user.pk, number=number).delete()
    return bool(ended)
