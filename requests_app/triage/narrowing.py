"""Which requests of the desk one choice of its list leaves, and what it says beside them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.acting import Actor
from agencies.grants import people_who
from agencies.models import Membership
from agencies.permissions import Permission
from requests_app.matching.badges import has_link, may_be_known
from requests_app.models import InboxPlace, ShiftNote
from requests_app.policies import SHIFT_NOTES
from requests_app.triage.choosing import LATE, LEFT, MINE, NOBODYS, RATED, Group


def narrowed(
    rows: "QuerySet[Any, Any]", group: Group, actor: Actor, now: datetime | None
) -> "QuerySet[Any, Any]":
    """The rows of one group. Indexes begin with what each asks (``InboxPlace.Meta``)."""
    if len(group.places) == 1:
        return rows.filter(place=group.places[0])
    rows = rows.filter(place__lt=len(group.places))
    if group is MINE:
        return rows.filter(owner=actor.user.pk)
    if group is NOBODYS:
        return rows.filter(owner=None)
    if group is LEFT:
        return rows.filter(_has_left(actor))
    return rows.filter(late_from__lt=now) if group is LATE else rows


def filtered(
    rows: "QuerySet[Any, Any]", rating: str, purpose: str, agency: UUID | None
) -> "QuerySet[Any, Any]":
    """Those of the rows that are left by what narrows the list."""
    if rating:
        rows = rows.filter(urgency=RATED[rating])
    if purpose:
        rows = rows.filter(purposes__contains=f'"{purpose}"')
    return rows.filter(agency=agency) if agency else rows


def beside(rows: "QuerySet[InboxPlace]", actor: Actor) -> "QuerySet[InboxPlace]":
    """The rows with what the list says beside each."""
    here = people_who(Permission.TRIAGE, actor.agency.pk).filter(pk=OuterRef("owner"))
    return rows.annotate(
        owner_is_here=Exists(here),
        may_be_known=may_be_known(actor, "case"),
        has_link=has_link("case"),
    )


def shifts_for(actor: Actor) -> "QuerySet[ShiftNote]":
    """The hand-overs that wait for this person: by name, or for whoever comes next."""
    waiting = SHIFT_NOTES.scope(actor, Permission.TRIAGE).filter(status=ShiftNote.Status.WAITING)
    for_anybody = Q(to=None) & ~Q(written_by=actor.user.pk)
    return waiting.filter(Q(to=actor.user.pk) | for_anybody)


def _has_left(actor: Actor) -> Q:
    """Owners who may no longer triage there: of those who belong or belonged to the front door."""
    here = people_who(Permission.TRIAGE, actor.agency.pk).values("pk")
    belong = Membership.objects.filter(agency=actor.agency.pk).exclude(user__in=here)
    return Q(owner__in=belong.values("user"))
