"""What is handed over at the end of a shift, and what waits to be taken over (docs/adr/0132)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.permissions import Permission
from audit.selectors import events_since
from encryption.casekeys import prefetch_case_keys
from requests_app.choices import Rating
from requests_app.models import InformationRequest, ShiftNote
from requests_app.policies import SHIFT_NOTES
from requests_app.selectors import inbox
from requests_app.triage.choosing import LEFT, MINE, NOBODYS, OPEN, RATED, STEPS
from requests_app.triage.narrowing import beside, narrowed
from requests_app.triage.owning import at_the_desk, colleagues
from requests_app.triage.rows import Row, row_of
from requests_app.triage.shifts import is_to_be_had, what_became_of
from requests_app.triage.timeline import IS_TOLD, timeline
from requests_app.whole import names_of
from workflow.compiled import ForActor
from workflow.gateway import fetch_all

MOST: Final = 50  # requests of one heap that are handed over at once
SHOWN: Final = 5  # of what changed in a request since
COUNTED: Final = 1_000  # notes that wait, of which lists are made
EVENTS: Final = 500  # that are looked through for it
IN_ORDER: Final = ("urgency", "due_at", "sent_at", "pk")
HEAPS: Final = {group.code: group for group in (MINE, NOBODYS, LEFT)}
WAITING: Final = ShiftNote.Status.WAITING


@dataclass(frozen=True)
class ToHandOver:
    """One request as the page offers it, and the note of it that waits already."""

    case: InformationRequest
    row: Row | None  # None for one that is over, or that somebody has got since
    waiting: ShiftNote | None


@dataclass(frozen=True)
class Handed:
    """One request of a hand-over, as whoever takes it over reads it."""

    note: ShiftNote
    row: Row | None
    now: str  # what has become of note and request, "" where both are as they were
    changed: list[dict[str, Any]]
    more: int
    is_waiting: bool


@dataclass(frozen=True)
class Offered:
    """What can be handed over, and whether that is all there is."""

    rows: list[ToHandOver]
    is_all: bool


@dataclass(frozen=True)
class Shift:
    """One hand-over of some requests: of a list, and as the heading of its page."""

    pk: UUID  # of one of its notes, by which it is found
    written_by: Any
    written_at: datetime
    to: Any  # None for whoever comes next
    number: int
    is_mine: bool
    is_for_me: bool
    is_late: bool


def _open_ones(actor: Actor, heap: str) -> Any:
    rows = narrowed(inbox(actor), HEAPS[heap], actor, None).filter(urgency__lt=RATED[Rating.GREEN])
    return beside(rows, actor).order_by(*IN_ORDER)[: MOST + 1]


def _of_cases(actor: Actor, cases: list[UUID]) -> Any:
    return beside(inbox(actor).filter(pk__in=cases), actor).order_by(*IN_ORDER)


def _waiting(actor: Actor, cases: Iterable[UUID]) -> Any:
    rows = SHIFT_NOTES.scope(actor, Permission.TRIAGE).filter(status=WAITING)
    return rows.filter(case__in=list(cases)).select_related("written_by", "to")


def _codes_of_waiting(actor: Actor) -> Any:
    """For oversight too: nothing of what was written."""
    rows = SHIFT_NOTES.scope(actor, Permission.TRIAGE, Permission.OVERSEE).filter(status=WAITING)
    codes = ("status", "batch", "written_at", "due_at", "written_by", "to")
    people = [f"{who}__{name}" for who in ("written_by", "to") for name in NAMES]
    shown = rows.select_related("written_by", "to").only(*codes, *people)
    return shown.order_by("due_at", "pk")[:COUNTED]


def _of_batch(actor: Actor, batch: UUID) -> Any:
    rows = SHIFT_NOTES.scope(actor, Permission.TRIAGE).filter(batch=batch)
    people = ("written_by", "to", "ended_by", "case__owner", "case__agency")
    return rows.select_related(*people).order_by("pk")


NAMES: Final = ("first_name", "last_name", "email")
OPEN_ONES, OF_BATCH = ForActor(_open_ones), ForActor(_of_batch)
CODES = ForActor(_codes_of_waiting)


def to_hand_over(actor: Actor, posted: Iterable[UUID] = ()) -> Offered:
    """Open red and amber requests: one's own, then those that nobody has, or no longer.

    One's own are named, and each note that waits is shown, which are readings. ``posted`` are the
    ids of those of which the page was sent, whether or not they are still among these.
    """
    heaps = [OPEN_ONES(actor, heap) for heap in HEAPS]
    places = {place.pk: place for heap in heaps for place in heap[:MOST]}
    ids = list(dict.fromkeys([*places, *posted]))
    cases = {case.pk: case for case in at_the_desk(actor, ids)}
    prefetch_case_keys(set(cases))
    waiting = {note.case_id: note for note in _waiting(actor, cases)}
    own = [case for pk, case in cases.items() if pk in places and case.owner_id == actor.user.pk]
    if own or waiting:
        fetch_all(actor, Permission.TRIAGE, own, waiting.values())
    rows = {pk: _row(place, actor) for pk, place in places.items()}
    offered = [ToHandOver(cases[pk], rows.get(pk), waiting.get(pk)) for pk in ids if pk in cases]
    return Offered(offered, is_all=all(len(heap) <= MOST for heap in heaps))


def shifts_waiting(actor: Actor) -> list[Shift]:
    """The hand-overs that nobody has acknowledged, those for this person first."""
    found = _by_batch(CODES(actor), actor)
    return sorted(found, key=lambda each: not each.is_for_me)


def handed(actor: Actor, note: ShiftNote) -> tuple[Shift, list[Handed]]:
    """All of one hand-over, given one of its notes; each request and note is noted as read."""
    notes = OF_BATCH(actor, batch=note.batch)
    cases = {each.case_id: each.case for each in notes}
    prefetch_case_keys(set(cases))
    fetch_all(actor, Permission.TRIAGE, cases.values(), notes)
    places = _of_cases(actor, sorted(cases))
    rows = {place.pk: _row(place, actor) for place in places if place.place in OPEN}
    there = {person.pk for person in colleagues(actor.agency.pk)}
    changed = _changed(notes)
    listed = [
        Handed(
            note,
            rows.get(note.case_id),
            _now(note, actor, there, is_open=note.case_id in rows),
            *changed[note.pk],
            note.status == WAITING,
        )
        for note in notes
    ]
    [shift] = _by_batch(notes, actor)
    order = {pk: number for number, pk in enumerate(rows)}
    return shift, sorted(listed, key=lambda each: order.get(each.note.case_id, len(order)))


def _now(note: ShiftNote, actor: Actor, there: set[UUID], *, is_open: bool) -> str:
    """What is to be known before one takes it over: that it is over, or that somebody has it."""
    case, said = note.case, [what_became_of(note)]
    if not is_open:
        said.append(_("The request is over: %s.") % case.get_status_display().lower())
    elif case.owner_id == actor.user.pk:
        said.append(_("You have this request."))
    elif not is_to_be_had(note, case, actor, there):
        said.append(_("%(person)s has this request now.") % {"person": case.owner})
    return " ".join(filter(None, said))


def _changed(notes: list[ShiftNote]) -> dict[UUID, tuple[list[dict[str, Any]], int]]:
    """By note, what changed in its request since then, and how much more did than is shown."""
    events = _since(notes)
    who, found = names_of(events), {}
    for note in notes:
        those = [e for e in events if e.case_id == note.case_id and e.thing_id != str(note.pk)]
        entries = timeline(those, {"put": [], "receipts": []}, who)
        found[note.pk] = (entries[:SHOWN], max(0, len(entries) - SHOWN))
    return found


def _since(notes: list[ShiftNote]) -> list[Any]:
    """What happened in these requests since the notes were written, the latest first."""
    began = min(note.written_at for note in notes)
    events = events_since([note.case_id for note in notes], began)
    return list(events.filter(IS_TOLD)[:EVENTS])


def _row(place: Any, actor: Actor) -> Row:
    return row_of(place, STEPS[place.place].next_step, actor)


def _by_batch(notes: Iterable[ShiftNote], actor: Actor) -> list[Shift]:
    listed = list(notes)
    numbers = Counter(note.batch for note in listed)
    firsts = {note.batch: note for note in reversed(listed)}
    now = timezone.now()
    late = {note.batch for note in listed if note.status == WAITING and note.due_at <= now}
    make = partial(_shift, numbers=numbers, actor=actor, late=late)
    return sorted((make(note) for note in firsts.values()), key=lambda each: each.written_at)


def _shift(note: ShiftNote, *, numbers: Any, actor: Actor, late: set[UUID]) -> Shift:
    is_mine = note.written_by_id == actor.user.pk
    is_for_me = note.to_id == actor.user.pk or (note.to_id is None and not is_mine)
    return Shift(
        note.pk,
        note.written_by,
        note.written_at,
        note.to,
        numbers[note.batch],
        is_mine,
        is_for_me,
        is_late=note.batch in late,
    )


def of_one(actor: Actor, note: ShiftNote, chosen: list[UUID]) -> list[ShiftNote]:
    """Those of the chosen notes that are of the same hand-over; nothing is opened."""
    rows = SHIFT_NOTES.scope(actor, Permission.TRIAGE).filter(batch=note.batch, pk__in=chosen)
    return list(rows.select_related("case").order_by("case_id"))
