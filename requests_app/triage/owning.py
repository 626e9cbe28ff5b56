"""Who at the front door has a request: claimed, handed over, given back (docs/adr/0120)."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.grants import people_who
from agencies.models import User
from agencies.permissions import Permission
from agencies.register.opening_hours import clock
from requests_app.models import InformationRequest
from requests_app.policies import REQUESTS
from requests_app.transitions import REQUEST
from workflow.compiled import Compiled
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent

MOVES: Final = tuple(name for name, move in REQUEST.table.items() if move.aside)
UNSEEN: Final = object()  # who has it was on no page

_AT_DESK = Compiled(
    lambda desk: people_who(Permission.TRIAGE, desk).order_by("last_name", "first_name", "pk")
)


def colleagues(desk: UUID) -> list[User]:
    """Those who may have a request of this front door, in the order of their names."""
    return list(_AT_DESK(desk=desk))


def who_has_it(case: InformationRequest) -> str:
    """Who has a request and since when, or that nobody does."""
    if case.owner is None or case.owned_at is None:
        return _("Nobody has it.")
    since = timezone.localtime(case.owned_at)
    day = date_format(since, "j F") if since.date() != timezone.localdate() else ""
    time = clock(since.time().replace(second=0, microsecond=0))
    words = {"person": case.owner, "since": " ".join(filter(None, (day, time)))}
    return _("%(person)s has it since %(since)s.") % words


def version_but_for_owners(case: InformationRequest) -> int:
    """The version of the last change of what a request says: none of who has it.

    A page that was filled in is not refused because a colleague claimed the request meanwhile.
    """
    said = case.history.exclude(history_change_reason__in=MOVES)
    return said.order_by("-version").values_list("version", flat=True).first() or 0


@idempotent
def claim_request(case: InformationRequest, *, by: Actor) -> InformationRequest:
    """Take it on oneself, unless somebody has it who still may."""
    with REQUEST.making("claim", case, by=by):
        if case.owner_id == by.user.pk:
            raise AlreadyMade(case)
        if case.owner_id and _may_have(case, case.owner_id):
            raise TransitionRefused(who_has_it(case))
        _give_to(case, by.user)
    return case


@idempotent
def hand_over_request(
    case: InformationRequest, *, by: Actor, colleague: User, seen: object = UNSEEN
) -> InformationRequest:
    """Give it to a colleague at the same front door, or take it over oneself.

    ``seen`` is who had it on the page: whoever got it since is not passed over.
    """
    with REQUEST.making("hand_over", case, by=by, tells=colleague, to=str(colleague.pk)):
        if case.owner_id == colleague.pk:
            raise AlreadyMade(case)
        if not _may_have(case, colleague.pk):
            raise PermissionDenied("not a colleague who may have it")
        if seen not in (UNSEEN, case.owner_id):
            raise TransitionRefused(who_has_it(case))
        _give_to(case, colleague)
    return case


@idempotent
def give_back_request(case: InformationRequest, *, by: Actor) -> InformationRequest:
    """Leave it to whoever claims it next."""
    with REQUEST.making("give_back", case, by=by):
        if case.owner_id is None:
            raise AlreadyMade(case)
        if case.owner_id != by.user.pk:
            raise TransitionRefused(who_has_it(case))
        _give_to(case, None)
    return case


def each_of(rows: Iterable[Any], move: Callable[[Any], Any]) -> tuple[int, list[str]]:
    """Make one move with several rows, each by itself: how many, and why not the others."""
    done, refused = 0, []
    for row in rows:
        try:
            move(row)
            done += 1
        except TransitionRefused as why:
            refused.append(f"{row.reference}: {why}")
        except PermissionDenied:
            refused.append(_("%s: you may not do this any more.") % row.reference)
    return done, refused


def hand_over_each(
    cases: Iterable[InformationRequest], *, by: Actor, colleague: User, seen: Iterable[str]
) -> tuple[int, list[str]]:
    """Give several to one colleague; ``seen`` says who had each on the page, as ``had`` has it."""
    on_the_page = set(seen)

    def hand_over(case: InformationRequest) -> None:
        if had(case) not in on_the_page:
            raise TransitionRefused(who_has_it(case))
        hand_over_request(case, by=by, colleague=colleague, seen=case.owner_id)

    return each_of(cases, hand_over)


def had(case: InformationRequest) -> str:
    """A request and who has it, for a page to carry."""
    return f"{case.pk}~{case.owner_id or ''}"


def at_the_desk(actor: Actor, chosen: Iterable[UUID]) -> QuerySet[InformationRequest]:
    """Those of the chosen requests that are at this person's front door; nothing is opened."""
    rows = REQUESTS.scope(actor, Permission.TRIAGE).filter(pk__in=list(chosen))
    return rows.select_related("owner").order_by("sent_at", "pk")


def _may_have(case: InformationRequest, person: UUID) -> bool:
    return any(each.pk == person for each in colleagues(case.desk_id))


def _give_to(case: InformationRequest, person: User | None) -> None:
    case.owner, case.owned_at = person, timezone.now() if person else None
