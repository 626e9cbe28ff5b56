"""Other requests that may be about the same people, for the front door alone (domain rule 9)."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from agencies.acting import Actor
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from encryption.errors import EncryptionFault, KeyDestroyed
from encryption.tokens import BIRTH, FORENAME_AND_BIRTH, FULL_NAME, NAME, NHS, UPN
from requests_app.choices import PersonRole
from requests_app.matching.scoring import Known, Likeness, likeness
from requests_app.models import InformationRequest, MatchToken, Subject
from requests_app.policies import REQUESTS
from workflow.compiled import ForActor
from workflow.gateway import fetch_all

logger = logging.getLogger(__name__)

MOST_ALIKE = 2_000  # tokens that are read for a list
MOST = 50  # opened and compared at once; the surest kinds of token first
NEARNESS = {NHS: 0, UPN: 0, FORENAME_AND_BIRTH: 1, FULL_NAME: 2}
SUREST = Case(
    *(When(kind=kind, then=Value(rank)) for kind, rank in NEARNESS.items()),
    default=Value(len(NEARNESS)),
    output_field=IntegerField(),
)
# What many share who have nothing to do with each other.
OF_STRANGERS = (NAME, BIRTH)
NUMBERS = (NHS, UPN)


@dataclass(frozen=True)
class Candidate:
    """A person in another request, beside the person in this one whom it may be."""

    case: Any
    mine: Subject
    theirs: Subject
    likeness: Likeness


@dataclass(frozen=True)
class Counts:
    """How many other requests surely have the same child, and how many more may share somebody."""

    earlier: int = 0
    possible: int = 0


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


def counts_for(cases: Iterable[InformationRequest], actor: Actor) -> dict[UUID, Counts]:
    """For a list: of how many other requests tokens alone say that they are about the same people.

    One statement however many rows the list has, and nothing is opened. ``earlier`` are those in
    which a child has the same number, or the same name and date of birth, as a child of this one;
    ``possible`` are others in which somebody has the same number, or first name and date of birth.
    Where very many share a token not all are counted.
    """
    wanted = {case.pk for case in cases}
    return _counted(wanted, ALIKE(actor, cases=list(wanted))) if wanted else {}


def _alike(actor: Any, cases: Any) -> "QuerySet[Any, Any]":
    mine = MatchToken.objects.filter(case__pk__any_of=cases)
    own = mine.filter(kind__in=[*NUMBERS, FORENAME_AND_BIRTH])
    named = mine.filter(kind=FULL_NAME)
    born_then = MatchToken.objects.filter(
        subject=OuterRef("subject"), kind=FORENAME_AND_BIRTH, token__in=own.values("token")
    )
    alike = Q(token__in=own.values("token")) | (
        Q(token__in=named.values("token")) & Exists(born_then)
    )
    rows = MatchToken.objects.filter(
        alike,
        case__in=REQUESTS.scope(actor, Permission.TRIAGE).values("pk"),
        subject__status=Subject.Status.CURRENT,
    )
    return rows.values_list("token", "kind", "case", "subject", "subject__role")[:MOST_ALIKE]


ALIKE = ForActor(_alike)


def _counted(wanted: set[UUID], rows: Iterable[Any]) -> dict[UUID, Counts]:
    bearers: dict[bytes, list[Any]] = defaultdict(list)
    for token, *bearer in rows:
        bearers[bytes(token)].append(bearer)
    shared: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for several in bearers.values():
        for kind, case, person, role in several:
            if case in wanted:
                for _kind, other, their_person, their_role in several:
                    if other != case:
                        children = role == their_role == PersonRole.CHILD
                        shared[case, other, person, their_person, children].add(kind)
    found: dict[UUID, tuple[set[UUID], set[UUID]]] = {pk: (set(), set()) for pk in wanted}
    for (case, other, *_people, children), kinds in shared.items():
        is_sure = kinds & {*NUMBERS} or {FORENAME_AND_BIRTH, FULL_NAME} <= kinds
        if kinds != {FULL_NAME}:
            found[case][0 if children and is_sure else 1].add(other)
    return {pk: Counts(len(sure), len(maybe - sure)) for pk, (sure, maybe) in found.items()}


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
