"""Other requests that may be about the same people, for the front door alone (domain rule 9)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Min, QuerySet, Value, When

from agencies.acting import Actor
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from encryption.errors import KeyDestroyed
from encryption.tokens import FORENAME_AND_BIRTH, NHS, UPN
from requests_app.matching.scoring import Likeness, likeness
from requests_app.models import InformationRequest, MatchToken, Subject
from requests_app.policies import REQUESTS
from workflow.gateway import fetch_all

Status = InformationRequest.Status
OPEN = (Status.SENT, Status.RETURNED, Status.ACCEPTED, Status.RELEASED)
MOST = 50  # opened and compared at once; the surest kinds of token first
SUREST = Case(
    When(kind__in=[NHS, UPN], then=Value(0)),
    When(kind=FORENAME_AND_BIRTH, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Candidate:
    """A person in another request, beside the person in this one whom it may be."""

    case: Any
    mine: Subject
    theirs: Subject
    likeness: Likeness


def candidates(case: InformationRequest, actor: Actor) -> list[Candidate]:
    """People in other open requests at this desk who may be people of this one, surest first."""
    mine = {person.pk: person for person in case.subjects.filter(status=Subject.Status.CURRENT)}
    shared = _sharing(case, _within(case, actor))
    others = Subject.objects.filter(pk__in=shared, status=Subject.Status.CURRENT)
    theirs = list(others.select_related("case__agency"))
    prefetch_case_keys({person.case_id for person in theirs})
    found = [
        Candidate(person.case, mine[pk], person, likeness(mine[pk], person))
        for person in theirs
        if not _is_disposed_of(person)
        for pk in shared[person.pk]
        if pk in mine
    ]
    shown = [candidate for candidate in found if candidate.likeness.is_shown]
    return sorted(shown, key=lambda each: (-each.likeness.score, each.case.reference))


def _is_disposed_of(person: Subject) -> bool:
    """A token may be there still, from a backup or by SQL; it must not stop the whole search."""
    try:
        _opened = person.given_name
    except KeyDestroyed:
        return True
    return False


def matches_of(case: InformationRequest, actor: Actor) -> list[Candidate]:
    """The candidates as a page shows them: each request that they are in is logged, once."""
    found = candidates(case, actor)
    cases = {candidate.case.pk: candidate.case for candidate in found}
    fetch_all(actor, Permission.TRIAGE, cases.values())
    return found


def _within(case: InformationRequest, actor: Actor) -> QuerySet[InformationRequest]:
    rows = REQUESTS.scope(actor, Permission.TRIAGE).filter(desk=case.desk_id, status__in=OPEN)
    return rows.exclude(pk=case.pk)


def _sharing(
    case: InformationRequest, within: QuerySet[InformationRequest]
) -> dict[Any, list[Any]]:
    """Who elsewhere shares a token with whom of this request."""
    own = MatchToken.objects.filter(case=case)
    bearers: dict[bytes, set[Any]] = defaultdict(set)
    for token, subject in own.values_list("token", "subject"):
        bearers[bytes(token)].add(subject)
    elsewhere = MatchToken.objects.filter(token__in=list(bearers), case__in=within)
    nearest = elsewhere.values("subject").annotate(nearness=Min(SUREST))
    pks = [row["subject"] for row in nearest.order_by("nearness", "subject")[:MOST]]
    shared: dict[Any, list[Any]] = {pk: [] for pk in pks}
    for subject, token in elsewhere.filter(subject__in=pks).values_list("subject", "token"):
        known = shared[subject]
        known += [pk for pk in bearers[bytes(token)] if pk not in known]
    return shared
