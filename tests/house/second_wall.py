"""What each wall lets a person see, and what the second shows beyond the first, with the reason."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q

from decisions import policies as of_decisions
from decisions import rls as decisions
from decisions.models import AdviceRequest, Answer, Decision, DecisionItem, Point, Scrutiny
from requests_app import policies as of_requests
from requests_app import rls as requests
from requests_app.models import (
    AgencyCheck,
    DeskChoice,
    InformationRequest,
    Item,
    MatchToken,
    Opening,
    Pause,
    Question,
    Receipt,
    Release,
    ReleasedAnswer,
    ReleasedItem,
    Subject,
    TimeReminder,
)
from retention import policies as of_retention
from retention import rls as retention
from retention.models import Disposal
from tests.house.world import undone
from workflow.acting import Actor
from workflow.policy import Policy
from workflow.rls_session import rls_session
from workflow.traced import TracedModel

Rows = dict[type[Any], set[UUID]]
# But for what no page may read at all: the worker's notes.
MODELS: list[type[TracedModel]] = sorted(
    ({*requests.WAYS, *decisions.WAYS, *retention.WAYS} - {MatchToken, DeskChoice, TimeReminder}),
    key=lambda model: model.__name__,
)
POLICIES = [
    policy
    for module in (of_requests, of_decisions, of_retention)
    for policy in vars(module).values()
    if isinstance(policy, Policy)
]
RELEASED_TO = "release__recipients__person"


def first(actor: Actor) -> Rows:
    """What the policies reach, by any permission the person holds or part they have."""
    rows: Rows = {model: set() for model in MODELS}
    for policy in POLICIES:
        if policy.model not in rows:  # of the register
            continue
        rows[policy.model] |= set(policy.scope(actor, *policy.reach).values_list("pk", flat=True))
    return rows


def second(actor: Actor) -> Rows:
    """What the database shows to somebody who asks it for everything."""
    with undone(), rls_session(actor):
        return {model: set(model._base_manager.values_list("pk", flat=True)) for model in MODELS}


def _scrutinised(actor: Actor, path: str) -> Q:
    """What belongs to a decision not to share of another agency, for a partner."""
    mine = Q(**{f"{path}agency_check__holder": actor.agency})
    return Q(**{f"{path}scrutiny__isnull": False}) & ~mine if _is_partner(actor) else Q(pk=None)


def _is_partner(actor: Actor) -> bool:
    return "scrutinise_no_share" in actor.permissions


def _shown(actor: Actor) -> Q:
    """The people whose details the agency was given."""
    checks = AgencyCheck.objects.filter(holder=actor.agency).exclude(status="withdrawn")
    return Q(pk__in=[person for check in checks for person in check.shown])


def _at_desk(actor: Actor) -> Q:
    is_there = "triage_request" in actor.permissions
    return Q(case__desk=actor.agency) if is_there else Q(pk=None)


def _to_review(actor: Actor) -> Q:
    """The cases of openings that a lead for information governance reviews."""
    theirs = Q(openings__agency=actor.agency) | Q(desk=actor.agency, openings__isnull=False)
    return theirs if "watch_openings" in actor.permissions else Q(pk=None)


def _opened(actor: Actor) -> Q:
    """What belongs to a case that the person has opened for another reason."""
    return Q(case__openings__person=actor.user, case__openings__status="open")


# Beyond the policies: what a page shows or a move touches on the way to what they do reach.
BEYOND: dict[type[Any], Callable[[Actor], Q]] = {
    # The row of a case in which somebody has a part: each move locks it, a check says its purposes.
    # So does a note on an opening, by information governance leads.
    InformationRequest: lambda actor: Q(agency_checks__holder=actor.agency) | _to_review(actor),
    # The people an agency is asked about.
    Subject: _shown,
    # The check on which advice is sought, whose clock runs again when it comes. One that partners
    # sent back, although it has no outcome any more.
    AgencyCheck: lambda actor: (
        Q(decisions__advice__isnull=False, holder=actor.agency) | _scrutinised(actor, "decisions__")
    ),
    # The decision that goes on with the advice, in the same transaction. When the agency decided
    # again on what a partner scrutinised.
    Decision: lambda actor: (
        Q(advice__isnull=False, agency_check__holder=actor.agency)
        | _scrutinised(actor, "supersedes__") & Q(status="recorded")
    ),
    # What was withheld, for its reasons, and what is decided anew, for whether it still stands: to
    # the front door, and to whom the answer was released.
    Item: lambda actor: (
        (Q(status="withheld") | Q(decides_anew__isnull=False))
        & (_at_desk(actor) | Q(agency_check__releases__recipients__person=actor.user))
    ),
    # The record of a decision that a partner scrutinises; of an opened case, why it was decided.
    Answer: lambda actor: (
        _scrutinised(actor, "decision__") | _opened(actor) & Q(decision__status="recorded")
    ),
    AdviceRequest: lambda actor: _scrutinised(actor, "decision__"),
    DecisionItem: lambda actor: _scrutinised(actor, "decision__"),
    Point: lambda actor: _scrutinised(actor, "decision__"),
    # Whether one is open, which stands in the way of a disposal.
    Scrutiny: lambda actor: _at_desk(actor) & Q(status="open"),
    Question: lambda actor: Q(
        agency_check__in=Decision.objects.filter(_scrutinised(actor, "")).values("agency_check")
    ),
    # What a package is made of, for those it is released to.
    Receipt: lambda actor: Q(item__releases__recipients__person=actor.user),
    ReleasedAnswer: lambda actor: Q(**{RELEASED_TO: actor.user}) | _opened(actor),
    ReleasedItem: lambda actor: (
        Q(**{RELEASED_TO: actor.user}) | Q(item__agency_check__holder=actor.agency) | _opened(actor)
    ),
    # What of its own went out, and when, in the agency's disclosure log; openings by others.
    Release: lambda actor: Q(items__agency_check__holder=actor.agency),
    Opening: lambda actor: Q(case__agency_checks__holder=actor.agency),
    # That a record is gone, to all who have a part in it.
    Disposal: lambda actor: (
        Q(status__in=Disposal.GONE)
        & (Q(case__agency=actor.agency) | Q(case__agency_checks__holder=actor.agency))
    ),
    # The clock of a request of the agency, for those who keep oversight of it.
    Pause: lambda actor: Q(agency_check=None, case__agency=actor.agency),
}
# The first wall lets a partner read why any clock of another agency stood still; the second, of
# what was not shared only.
SHORT_OF = {Pause}


def beyond(actor: Actor, model: type[Any]) -> set[UUID]:
    """What the second wall may show of ``model`` though no policy reaches it."""
    if model not in BEYOND:
        return set()
    return set(model._base_manager.filter(BEYOND[model](actor)).values_list("pk", flat=True))


def differing(actor: Actor) -> list[str]:
    """Where the walls differ and nothing here says so."""
    policies, wall, found = first(actor), second(actor), []
    for model in MODELS:
        lost = policies[model] - wall[model]
        if lost and model not in SHORT_OF:
            found.append(f"cannot reach {model.__name__} {lost}")
        if foreign := wall[model] - policies[model] - beyond(actor, model):
            found.append(f"sees {model.__name__} {foreign}")
    return found
