"""Sessions as the person whose they are sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from sessions.browsers import in_words
from sessions.models import Session
from sessions.store import SessionStore


@dataclass(frozen=True)
class Sitting:
    """One browser in which somebody is signed in."""

    number: UUID
    browser: str
    began: datetime | None
    seen: datetime
    ends: datetime | None
    here: bool


def sittings_of(user: Any, *, here: Any) -> list[Sitting]:
    """Those of this person, with the one that asks first."""
    mine = here.row.pk if isinstance(here, SessionStore) and here.row else ""
    rows = Session.objects.of(user.pk)
    found = [
        Sitting(row.number, in_words(row.browser), row.began, row.seen, row.ends, row.pk == mine)
        for row in rows
    ]
    return sorted(found, key=lambda each: not each.here)


def how_long(request: HttpRequest, *, touched: bool = True) -> dict[str, Any]:
    """Seconds left, whose session it is, and whether nothing can prolong it any more."""
    session = request.session
    if not request.user.is_authenticated or not isinstance(session, SessionStore):
        return {"left": 0, "who": "", "final": True}
    return {
        "left": session.seconds_left(touched=touched),
        "who": str(request.user.pk),
        "final": session.is_final(),
    }
