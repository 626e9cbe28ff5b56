"""What the front door says of two people in two requests, and takes back (docs/adr/0125)."""

from uuid import uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.matching.selectors import known_of
from requests_app.models import MatchVerdict, Subject
from requests_app.transitions import MATCH_VERDICT
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent
from workflow.versions import ChangedMeanwhile

MOVES = {MatchVerdict.Status.LINKED: "link", MatchVerdict.Status.APART: "tell_apart"}
Versions = tuple[int | None, int | None]


@idempotent
def judge(
    mine: Subject,
    theirs: Subject,
    *,
    by: Actor,
    verdict: str,
    because: str,
    seen: Versions = (None, None),
) -> MatchVerdict:
    """Say that they are the same person, or that they are not; nothing of either is changed.

    ``seen`` are the versions of the two that were compared, as far as a page says so. Raises
    TransitionRefused where somebody was quicker, was taken out, or is in a record that does not
    open.
    """
    name = MOVES[MatchVerdict.Status(verdict)]
    return _say_in_both(mine, theirs, name, by=by, because=because, seen=seen)


@idempotent
def undo_verdict(
    mine: Subject,
    theirs: Subject,
    *,
    by: Actor,
    because: str,
    expected_version: int | None = None,
) -> MatchVerdict:
    """Take back what was said of the two, so that it can be said anew.

    Raises ChangedMeanwhile where that is not what the page showed, by ``expected_version``.
    """
    return _say_in_both(mine, theirs, "undo", by=by, because=because, expected=expected_version)


def _say_in_both(
    mine: Subject,
    theirs: Subject,
    name: str,
    *,
    by: Actor,
    because: str,
    seen: Versions = (None, None),
    expected: int | None = None,
) -> MatchVerdict:
    # Whoever judges the same two from the other side waits at the same request first.
    sides = sorted(
        ((mine, theirs, seen), (theirs, mine, seen[::-1])), key=lambda side: side[0].case_id
    )
    here = MatchVerdict.objects.filter(mine=mine, theirs=theirs).first()
    try:
        said = [
            _say(
                *(one, other, name),
                by=by,
                because=because,
                seen=versions,
                expected=expected if one.pk == mine.pk else None,
            )
            for one, other, versions in sides
        ]
    except AlreadyMade as made:
        raise AlreadyMade(here or made.thing) from None
    return next(row for row in said if row.mine_id == mine.pk)


def _say(
    one: Subject,
    other: Subject,
    name: str,
    *,
    by: Actor,
    because: str,
    seen: Versions,
    expected: int | None,
) -> MatchVerdict:
    row = MatchVerdict.objects.filter(mine=one, theirs=other).first()
    if row is None:
        pk = uuid5(one.pk, str(other.pk))
        row = MatchVerdict(id=pk, case=one.case, mine=one, theirs=other)
    details = {"reference": other.case.reference, "because": because}
    with MATCH_VERDICT.making(name, row, by=by, writes={"because": because}, **details):
        if expected not in (None, row.version):
            raise ChangedMeanwhile
        now = [_as_they_are(each) for each in (one, other)]
        row.mine_version, row.theirs_version = (
            current if was is None else max(0, min(was, current))
            for was, current in zip(seen, now, strict=True)
        )
        row.said_by, row.said_at = by.user, timezone.now()
    return row


def _as_they_are(person: Subject) -> int:
    """The version of somebody as they are now, in a request that opens."""
    found = Subject.objects.filter(pk=person.pk, status=Subject.Status.CURRENT).first()
    if found is None:
        raise TransitionRefused(_("One of the two people was taken out of their request."))
    if known_of(found) is None:
        raise TransitionRefused(_("One of the two records was destroyed, or cannot be opened."))
    version: int = found.version
    return version
