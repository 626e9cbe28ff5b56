"""Handing over at the end of a shift: a note of each request, until somebody takes it over.

Who has a request is changed by ``owning`` alone, when it is taken over (docs/adr/0132).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import User
from requests_app.clocks.selectors import the_calendar
from requests_app.clocks.words import at
from requests_app.models import InboxPlace, InformationRequest, ShiftNote
from requests_app.transitions import REQUEST, SHIFT_NOTE
from requests_app.triage import owning
from requests_app.triage.choosing import OPEN
from workflow.act import act
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent, refuse_other_words

Status = ShiftNote.Status


@dataclass(frozen=True)
class Written:
    """What somebody wrote of one request, and how they saw it.

    ``seen`` is who had it on the page, ``waiting`` the note that waited there; None for none.
    """

    case: InformationRequest
    note: str
    seen: UUID | None
    waiting: UUID | None = None


@idempotent
def hand_over_shift(
    written: Iterable[Written], *, by: Actor, idempotency_key: UUID, to: User | None
) -> ShiftNote:
    """Hand over all of these at once, or none of them; one of the notes stands for all.

    ``to`` is a colleague at the front door, or None for whoever comes next.
    """
    # Cases are locked in the order of their ids, so that two who hand over wait for each other.
    those = sorted(written, key=lambda each: each.case.pk)
    before = list(ShiftNote.objects.filter(batch=idempotency_key, written_by=by.user))
    if before:
        said = {note.case_id: (note.note, note.to_id) for note in before}
        now = {each.case.pk: (each.note, to.pk if to else None) for each in those}
        refuse_other_words(said=said, now=now)
        raise AlreadyMade(before[0])
    if to is not None and to.pk not in {each.pk for each in owning.colleagues(by.agency.pk)}:
        raise PermissionDenied("not a colleague who may have it")
    with act():
        notes = [_write(each, by, idempotency_key, to) for each in those]
    return notes[0]


def _write(written: Written, by: Actor, batch: UUID, to: User | None) -> ShiftNote:
    now = timezone.now()
    note = ShiftNote(
        id=uuid5(batch, str(written.case.pk)),
        case=written.case,
        desk_id=written.case.desk_id,
        batch=batch,
        note=written.note,
        to=to,
        had_id=written.seen,
        written_by=by.user,
        written_at=now,
        due_at=the_calendar().opening_after(now),
    )
    said: dict[str, Any] = {"to": str(to.pk)} if to else {}
    with SHIFT_NOTE.making("write", note, by=by, **said):
        if note.case.owner_id != written.seen:
            raise TransitionRefused(_about(note.case, owning.who_has_it(note.case)))
        _make_room(written, by)
    return note


def _make_room(written: Written, by: Actor) -> None:
    """End the note that waits, if the page has shown it: the new one takes its place."""
    waits = ShiftNote.objects.filter(case=written.case, status=Status.WAITING).first()
    if waits is None:
        return
    if waits.pk != written.waiting:
        who = _("%(person)s has handed it over meanwhile.") % {"person": waits.written_by}
        raise TransitionRefused(_about(written.case, who))
    with SHIFT_NOTE.making("replace", waits, by=by):
        _end(waits, by)


@idempotent
def take_over(note: ShiftNote, *, by: Actor) -> ShiftNote:
    """Acknowledge the note of one request, and have that request.

    Not where it is over, or where somebody has got it since the note was written: they keep it.
    """
    first = ShiftNote.objects.filter(pk=note.pk, status=Status.TAKEN).exclude(ended_by=by.user)
    for taken in first:
        raise TransitionRefused(what_became_of(taken))
    with SHIFT_NOTE.making("take", note, by=by):
        _end(note, by)
    case = InformationRequest.objects.get(pk=note.case_id)
    is_open = InboxPlace.objects.filter(pk=case.pk, place__in=OPEN).exists()
    there = {person.pk for person in owning.colleagues(case.desk_id)}
    if is_open and is_to_be_had(note, case, by, there) and REQUEST.can("hand_over", case, by=by):
        owning.hand_over_request(case, by=by, colleague=by.user, seen=case.owner_id)
    return note


def is_to_be_had(
    note: ShiftNote, case: InformationRequest, by: Actor, there: Collection[UUID]
) -> bool:
    """Whether whoever takes a note over gets the request: nobody else has got it since.

    ``there`` are those who may have it at its front door.
    """
    as_written = (None, note.had_id, note.written_by_id)
    is_left = case.owner_id in as_written or case.owner_id not in there
    return is_left and case.owner_id != by.user.pk


@idempotent
def take_back(note: ShiftNote, *, by: Actor) -> ShiftNote:
    """Whoever wrote it goes on with the request themselves."""
    with SHIFT_NOTE.making("withdraw", note, by=by):
        if note.written_by_id != by.user.pk:
            raise PermissionDenied("somebody else wrote it")
        _end(note, by)
    return note


def what_became_of(note: ShiftNote) -> str:
    """Who ended a note and when, or "" while it waits."""
    if note.ended_at is None:
        return ""
    words = {"person": note.ended_by, "when": at(note.ended_at)}
    said = {
        Status.TAKEN: _("%(person)s acknowledged it on %(when)s."),
        Status.WITHDRAWN: _("%(person)s took it back on %(when)s."),
        Status.REPLACED: _("%(person)s handed it over again on %(when)s."),
    }
    return said[Status(note.status)] % words


def _end(note: ShiftNote, by: Actor) -> None:
    note.ended_by, note.ended_at = by.user, timezone.now()


def _about(case: InformationRequest, said: str) -> str:
    return f"{case.reference}: {said}"
