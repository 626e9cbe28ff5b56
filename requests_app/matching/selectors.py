"""Other requests that may be about the same people, for the front door alone (domain rule 9)."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Min,
    QuerySet,
    Value,
    When,
)

from agencies.acting import Actor
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from encryption.errors import EncryptionFault, KeyDestroyed
from encryption.tokens import (
    ADDRESS,
    BIRTH,
    FORENAME_AND_BIRTH,
    FULL_NAME,
    NAME,
    NHS,
    PLACE,
    UPN,
)
from requests_app.matching.households import Household, others_in
from requests_app.matching.scoring import Known, Likeness, likeness
from requests_app.models import InformationRequest, MatchToken, MatchVerdict, Subject
from requests_app.policies import MATCH_VERDICTS, REQUESTS
from workflow.compiled import ForActor
from workflow.gateway import fetch_all

logger = logging.getLogger(__name__)
Verdict = MatchVerdict.Status

MOST = 50  # opened and compared at once; the surest kinds of token first
NEARNESS = {NHS: 0, UPN: 0, FORENAME_AND_BIRTH: 1, FULL_NAME: 2, ADDRESS: 3}
SUREST = Case(
    *(When(kind=kind, then=Value(rank)) for kind, rank in NEARNESS.items()),
    default=Value(len(NEARNESS)),
    output_field=IntegerField(),
)
# What many share who have nothing to do with each other.
OF_STRANGERS = (NAME, PLACE)
ALSO_OF_STRANGERS = (
    *OF_STRANGERS,
    BIRTH,
    ADDRESS,
)  # where only those count who surely are the same


@dataclass(frozen=True)
class Candidate:
    """A person in another request, beside the person in this one whom it may be."""

    case: Any
    mine: Subject
    theirs: Subject
    likeness: Likeness
    others: list[Subject] = field(default_factory=list)  # besides them in the other request
    before: MatchVerdict | None = None  # said of the two as they were before either was changed

    @property
    def pair(self) -> tuple[Any, Any]:
        """The two people by their ids."""
        return self.mine.pk, self.theirs.pk


@dataclass(frozen=True)
class Linked:
    """Somebody in another request of whom the front door says that they are the same person."""

    verdict: MatchVerdict
    mine: Subject
    theirs: Subject
    is_old: bool  # what is known of either has changed since
    others: list[Subject]  # besides them in the other request


@dataclass(frozen=True)
class Matches:
    """Who in other requests is the same, may be the same, and is not."""

    linked: list[Linked]
    possible: list[Candidate]
    apart: list[MatchVerdict]
    destroyed: int  # records that were linked and are no longer there
    at_home: list[Household]  # requests in which others live at an address of this one

    def __bool__(self) -> bool:
        return any((self.linked, self.possible, self.apart, self.destroyed, self.at_home))


def candidates(
    case: InformationRequest,
    actor: Actor,
    mine: Iterable[Subject] | None = None,
    *,
    strangers: tuple[str, ...] = OF_STRANGERS,
) -> list[Candidate]:
    """People in other requests at this desk who may be people of this one, surest first.

    Requests that are over are among them, as long as they are kept. ``mine`` are those of this one
    whom it is about, or all. Of whom only a kind of token among ``strangers`` is the same is not
    opened.
    """
    found = _compared(case, actor, mine, strangers)
    return [candidate for candidate in found if candidate.likeness.is_shown]


def _compared(
    case: InformationRequest,
    actor: Actor,
    mine: Iterable[Subject] | None,
    strangers: tuple[str, ...] = OF_STRANGERS,
) -> list[Candidate]:
    """Each of these people beside each who shares a token with one of them, the likest first."""
    if mine is None:
        mine = case.subjects.filter(status=Subject.Status.CURRENT)
    mine = list(mine)
    theirs = [(person, known_of(person)) for person in _nearest(mine, case, actor, strangers)]
    if not theirs:
        return []
    found = [
        Candidate(person.case, own, person, likeness(known, other))
        for own, known in [(own, known_of(own)) for own in mine]
        for person, other in theirs
        if known and other
    ]
    return sorted(found, key=lambda each: (-each.likeness.score, each.case.reference))


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
) -> Matches:
    """As a page shows them: each request of which it names somebody is logged, once.

    ``most`` leaves the surest of the candidates.
    """
    judged = JUDGED(actor, case=case.pk)
    prefetch_case_keys({row.theirs.case_id for row in judged})
    by_pair = {(row.mine_id, row.theirs_id): row for row in judged}
    stands = {
        pair for pair, row in by_pair.items() if row.status == Verdict.LINKED or not _is_old(row)
    }
    compared = _compared(case, actor, mine)
    alike = [each for each in compared if each.likeness.is_shown and each.pair not in stands]
    found = alike[:most]
    linked = [row for row in judged if row.status == Verdict.LINKED]
    opening = [row for row in linked if known_of(row.theirs)]
    again = {each.pair for each in found}
    named = {each.theirs.pk: each.case for each in found}
    named |= {row.theirs_id: row.theirs.case for row in opening}
    of_them = {case.pk for case in (*named.values(), *(each.case for each in alike))}
    homes = _homes(compared, of_them)[:most]
    cases = {each.pk: each for each in (*named.values(), *homes)}
    fetch_all(actor, Permission.TRIAGE, cases.values())
    others = others_in(cases.values(), named, actor)
    return Matches(
        linked=[
            Linked(row, row.mine, row.theirs, _is_old(row), others.get(row.theirs.case_id, []))
            for row in opening
        ],
        possible=[
            replace(each, before=by_pair.get(each.pair), others=others.get(each.case.pk, []))
            for each in found
        ],
        apart=[
            row
            for pair, row in by_pair.items()
            if row.status == Verdict.APART and pair not in again
        ],
        destroyed=len(linked) - len(opening),
        at_home=[Household(each, others.get(each.pk, [])) for each in homes],
    )


def _homes(compared: list[Candidate], named: set[Any]) -> list[InformationRequest]:
    """Further requests, the newest first, in which somebody has an address of this one."""
    at_home = {each.case.pk: each.case for each in compared if each.likeness.is_home_same}
    further = [case for pk, case in at_home.items() if pk not in named]
    return sorted(further, key=lambda case: (case.sent_at, case.reference), reverse=True)


def _is_old(row: MatchVerdict) -> bool:
    """Whether what is known of either has changed since it was said."""
    return (row.mine.version, row.theirs.version) != (row.mine_version, row.theirs_version)


BOTH_THERE: Final = {
    "mine__status": Subject.Status.CURRENT,
    "theirs__status": Subject.Status.CURRENT,
}


def _judged(actor: Any, case: Any) -> QuerySet[MatchVerdict]:
    # Of somebody who was taken out of a request nothing is said any more.
    rows = MATCH_VERDICTS.scope(actor, Permission.TRIAGE).filter(case=case, **BOTH_THERE)
    stands = rows.exclude(status=Verdict.UNDONE).order_by("-said_at", "pk")
    return stands.select_related("mine", "theirs__case__agency", "said_by")[:MOST]


JUDGED = ForActor(_judged)


def _nearest(
    mine: list[Subject], case: InformationRequest, actor: Actor, strangers: tuple[str, ...]
) -> list[Subject]:
    """Those elsewhere who share a token with one of these people, the surest kinds first."""
    found: list[Subject] = NEAREST(
        actor, strangers, case=case.pk, people=[each.pk for each in mine]
    )
    if found:
        prefetch_case_keys({person.case_id for person in found})
    return found


def _sharing(actor: Any, strangers: Any, case: Any, people: Any) -> QuerySet[Subject]:
    within = REQUESTS.scope(actor, Permission.TRIAGE).exclude(pk=case)
    own = MatchToken.objects.filter(subject__pk__any_of=people)
    shared = MatchToken.objects.filter(
        token__in=own.exclude(kind__in=strangers).values("token"),
        case__in=within.order_by().values("pk"),
    )
    nearest = shared.values("subject").annotate(nearness=Min(SUREST), agreeing=Count("token"))
    first = nearest.order_by("nearness", "-agreeing", "subject")[:MOST]
    theirs = Subject.objects.filter(pk__in=first.values("subject"), status=Subject.Status.CURRENT)
    return theirs.select_related("case__agency")


NEAREST = ForActor(_sharing)
