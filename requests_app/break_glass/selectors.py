"""Openings for another reason: whoever made them, whose case it is, who reviews them."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from agencies.acting import Actor
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from encryption.errors import KeyDestroyed
from requests_app.models import InformationRequest, Opening, OpeningNote
from requests_app.policies import OPENINGS
from workflow.gateway import fetch_all
from workflow.paging import Page, moment, page_of

LATEST: Mapping[str, Callable[[str], Any]] = {"opened_at": moment, "pk": UUID}
COLOURS = {
    Opening.Flag.OWN_NAME: "red",
    Opening.Flag.BURST: "orange",
    Opening.Flag.OUT_OF_HOURS: "yellow",
}
OTHERWISE = Permission.BREAK_GLASS.value


def own(actor: Actor, after: str = "") -> Page:
    """What somebody has opened, the latest first."""
    rows = OPENINGS.scope(actor, Permission.BREAK_GLASS).select_related("case")
    return page_of(rows, LATEST, after, newest_first=True)


def openings_to_review(actor: Actor, *, only_flagged: bool = False, after: str = "") -> Page:
    """What reviewers see of openings: who, as which agency, when, why; nothing of the case.

    Each is logged.
    ``only_flagged`` leaves those that are worth a look and on which this agency has no note yet.
    """
    rows = (
        not_yet_reviewed(actor)
        if only_flagged
        else OPENINGS.scope(actor, Permission.REVIEW_OPENINGS)
    )
    rows = rows.select_related("person", "agency", "case").prefetch_related("notes__agency")
    page = page_of(rows, LATEST, after, newest_first=True)
    fetch_all(actor, Permission.REVIEW_OPENINGS, page.rows)
    prefetch_case_keys({row.case_id for row in page.rows})
    for row in page.rows:
        _with_words(row, actor)
    return page


def not_yet_reviewed(actor: Actor) -> QuerySet[Opening]:
    """Openings that stand out and that nobody of this agency has looked at."""
    seen = OpeningNote.objects.filter(opening=OuterRef("pk"), agency=actor.agency)
    flagged = OPENINGS.scope(actor, Permission.REVIEW_OPENINGS).exclude(flags=[])
    return flagged.exclude(person=actor.user).filter(~Exists(seen))


def opening_to_review(opening: Opening, actor: Actor) -> Any:
    """One of them, for the page on which it is looked at."""
    return _with_words(opening, actor)


def _with_words(row: Any, actor: Actor) -> Any:
    row.tags = [
        {"text": Opening.Flag(code).label, "colour": COLOURS[Opening.Flag(code)]}
        for code in row.flags
        if code in Opening.Flag.values
    ]
    row.noted = list(row.notes.all())
    ours = any(note.agency_id == actor.agency.pk for note in row.noted)
    row.can_be_noted = not ours and row.person_id != actor.user.pk
    return row


def openings_of(case: InformationRequest, actor: Actor) -> list[Opening]:
    """Every opening of one case, for those whose case it is; each is logged."""
    rows = OPENINGS.scope(actor, Permission.TRIAGE).filter(case=case)
    rows = rows.select_related("person", "agency").order_by("-opened_at")
    listed: list[Any] = fetch_all(actor, Permission.TRIAGE, rows)[0]
    for row in listed:
        with suppress(KeyDestroyed):  # that it was opened, by whom and why, is kept
            row.said = row.in_words
    return listed


def with_reasons(entries: Iterable[Any]) -> None:
    """Say with each look that was made by an opening for what reason it was opened."""
    listed = [entry for entry in entries if entry.may == OTHERWISE]
    if not listed:
        return
    cases = {entry.case_id for entry in listed}
    made = list(Opening.objects.filter(case__in=cases).order_by("-opened_at"))
    for entry in listed:
        theirs = (
            each.get_reason_display()
            for each in made
            if each.case_id == entry.case_id
            and (str(each.person_id), str(each.agency_id)) == (entry.person, entry.agency)
            and each.opened_at <= entry.at
        )
        entry.reason = next(theirs, "")
