"""Ending sessions, and remembering by which e-mail a password was chosen (docs/adr/0105)."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from sessions.models import Session
from sessions.store import digest


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


KEY: Final = "by_letter"


def chosen_by_email(request: HttpRequest, user: Any) -> None:
    """Remember that this person has just chosen their password in this browser, by a link."""
    request.session.cycle_key()  # a session that somebody else planted here is not theirs any more
    request.session[KEY] = [str(user.pk), user.get_session_auth_hash()]


def was_chosen_by_email(request: HttpRequest) -> bool:
    """Whether the one who is signed in has, and it is still their password."""
    whose, password = request.session.get(KEY) or ("", "")
    now = request.user.get_session_auth_hash()  # type: ignore[union-attr]
    return whose == str(request.user.pk) and constant_time_compare(password, now)
