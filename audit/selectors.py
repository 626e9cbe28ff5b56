"""Evidence as pages read it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Model, QuerySet

from audit.ledger.notes import Checkpoint, signed_lines
from audit.ledger.sequencing import latest
from audit.models import AccessEntry, Event, Leaf, SetAside, SignedCheckpoint
from audit.names import thing_of


def access_entries(case_id: UUID, *, things: Iterable[str] | None = None) -> QuerySet[AccessEntry]:
    """Who has looked at a case, newest first; with ``things`` only at rows of those ids.

    No ids are no entries: an agency of which nothing was found is not told of all the others.
    """
    entries = AccessEntry.objects.filter(case_id=case_id)
    return entries if things is None else entries.filter(thing_id__in=list(things))


def leaves_set_aside() -> QuerySet[SetAside]:
    """What the sequencer found among the leaves that is none, the first first."""
    return SetAside.objects.order_by("at", "pk")


def events_of(case_id: UUID) -> QuerySet[Event]:
    """Everything that was changed in a case, oldest first."""
    return Event.objects.filter(case_id=case_id)


def events_since(case_ids: Iterable[UUID], began: datetime) -> QuerySet[Event]:
    """Everything that was changed in several cases after a moment, the latest first."""
    return Event.objects.filter(case_id__in=list(case_ids), at__gt=began).order_by("-id")


def changes_of(thing: Model) -> QuerySet[Event]:
    """Every recorded change of one row, oldest first."""
    return Event.objects.filter(thing=thing_of(thing), thing_id=str(thing.pk))


def last_changes(cases: Iterable[UUID], *, besides: type[Model]) -> dict[UUID, datetime]:
    """When each of these cases was last changed, besides what happened to rows of one model."""
    of_cases = Event.objects.filter(case_id__in=list(cases)).exclude(thing=thing_of(besides))
    rows = of_cases.order_by().values("case_id").annotate(last=Max("at"))
    return {row["case_id"]: row["last"] for row in rows if row["case_id"]}


def latest_checkpoint() -> SignedCheckpoint | None:
    """What the ledger last signed, for whoever prints it; None before the first."""
    return latest()


def checkpoint_of(size: int) -> SignedCheckpoint:
    """The checkpoint that was signed of so many leaves."""
    return SignedCheckpoint.objects.get(size=size)


def is_checkpoint_of_ours(said: Checkpoint) -> bool:
    """Whether it is among those that were signed here, to the letter."""
    there = SignedCheckpoint.objects.filter(size=said.size).first()
    return there is not None and signed_lines(there.note) == said.text()


def count_of_leaves() -> int:
    """How many leaves there are, signed or not."""
    return Leaf.objects.count()


def access_entries_of_any(cases: Iterable[UUID]) -> QuerySet[AccessEntry]:
    """Who has looked at any of these cases; the caller has seen to it that they may be told."""
    return AccessEntry.objects.filter(case_id__in=list(cases))
