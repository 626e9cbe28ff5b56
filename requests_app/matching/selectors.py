"""Other requests that may be about the same people, for the front door alone (domain rule 9)."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)

from agencies.acting import Actor
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from encryption.errors import EncryptionFault, KeyDestroyed
from encryption.tokens import BIRTH, FORENAME_AND_BIRTH, FULL_NAME, NAME, NHS, UPN
from requests_app.matching.scoring import Known, Likeness, likeness
from requests_app.models import InformationRequest, MatchToken, Subject
from requests_app.policies import REQUESTS
from workflow.compiled import ForActor
from workflow.gateway import fetch_all

logger = logging.getLogger(__name__)

MOST = 50  # opened and compared at once; the surest kinds of token first
NEARNESS = {NHS: 0, UPN: 0, FORENAME_AND_BIRTH: 1, FULL_NAME: 2}
SUREST = Case(
    *(When(kind=kind, then=Value(rank)) for kind, rank in NEARNESS.items()),
    default=Value(len(NEARNESS)),
    output_field=IntegerField(),
)
# What many share who have nothing to do with each other.
OF_STRANGERS = (NAME, BIRTH)
SURE = (NHS, UPN, FORENAME_AND_BIRTH)  # of few people, whoever has it


@dataclass(frozen=True)
class Candidate:
    """A person in another request, beside the person in this one whom it may be."""

    case: Any
    mine: Subject
    theirs: Subject
    likeness: Likeness


def candidates(
    case: InformationRequest, actor: Actor, mine: Iterable[Subject] | None = None
) -> list[Candidate]:
    """People in other requests at this desk who may be people of this one, surest first.

    Requests that are over are among them, as long as they are kept. ``mine`` are those of this one
    whom it is about, or all.
    """
    if mine is None:
        mine = case.subjects.filter(status=Subject.Status.CURRENT)
    mine = list(mine)
    theirs = [(person, known_of(person)) for person in _nearest(mine, case, actor)]
    if not theirs:
        return []
    found = [
        Candidate(person.case, own, person, likeness(known, other))
        for own, known in [(own, known_of(own)) for own in mine]
        for person, other in theirs
        if known and other
    ]
    shown = [candidate for candidate in found if candidate.likeness.is_shown]
    return sorted(shown, key=lambda each: (-each.likeness.score, each.case.reference))


def known_of(person: Subject) -> Known | None:
    """What is compared of somebody, in memory; None where the record does not open.

    A token may be there still of one that was disposed of, from a backup or by SQL; and one that
    is broken must not stop the whole search: the ledger's check names it.
    """
    try:
        return Known(*(getattr(person, each.name) for each in fields(Known)))
    except KeyDestroyed:
        return None
    except EncryptionFault as fault:
        logger.error("a record cannot be opened", exc_info=fault)  # noqa: TRY400 (no words)
        return None


def matches_of(
    case: InformationRequest,
    actor: Actor,
    mine: Iterable[Subject] | None = None,
    most: int | None = None,
) -> list[Candidate]:
    """The candidates as a page shows them: each request that they are in is logged, once.

    ``most`` leaves the surest of them.
    """
    found = candidates(case, actor, mine)[:most]
    cases = {candidate.case.pk: candidate.case for candidate in found}
    fetch_all(actor, Permission.TRIAGE, cases.values())
    return found


def may_be_known(actor: Any, case: str) -> Exists:
    """For a list's own statement: whether somebody in the request may be in another one, too.

    ``case`` is the path from a row to its request. Tokens alone say it, so nothing is opened: the
    same number, or the same first name and date of birth. For each row of the list some tokens are
    looked up by an index, and each only until one is found.
    """
    theirs = MatchToken.objects.filter(
        token=OuterRef("token"),
        subject__status=Subject.Status.CURRENT,
        case__in=REQUESTS.scope(actor, Permission.TRIAGE).order_by().values("pk"),
    ).exclude(case=OuterRef("case"))
    # A value, and no condition: the planner would make a join of it, and read the table whole.
    mine = MatchToken.objects.annotate(theirs=Subquery(theirs.values("pk")[:1]))
    return Exists(mine.filter(case=OuterRef(case), kind__in=SURE, theirs__isnull=False))


def _nearest(mine: list[Subject], case: InformationRequest, actor: Actor) -> list[Subject]:
    """Those elsewhere who share a token with one of these people, the surest kinds first."""
    found: list[Subject] = NEAREST(actor, case=case.pk, people=[each.pk for each in mine])
    if found:
        prefetch_case_keys({person.case_id for person in found})
    return found


def _sharing(actor: Any, case: Any, people: Any) -> QuerySet[Subject]:
    within = REQUESTS.scope(actor, Permission.TRIAGE).exclude(pk=case)
    own = MatchToken.objects.filter(subject__pk__any_of=people)
    shared = MatchToken.objects.filter(
        token__in=own.exclude(kind__in=OF_STRANGERS).values("token"),
        case__in=within.order_by().values("pk"),
    )
    nearest = shared.values("subject").annotate(nearness=Min(SUREST), agreeing=Count("token"))
    first = nearest.order_by("nearness", "-agreeing", "subject")[:MOST]
    theirs = Subject.objects.filter(pk__in=first.values("subject"), status=Subject.Status.CURRENT)
    return theirs.select_related("case__agency")


NEAREST = ForActor(_sharing)
