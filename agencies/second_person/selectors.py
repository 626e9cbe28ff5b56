"""What waits for a second person, who that can be, and what became of the latest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.grants import roles_carrying
from agencies.models import Agency, HeldRole, Membership, Proposal, User
from agencies.permissions import Permission, Role
from agencies.policies import PROPOSALS
from agencies.roles import roles_waiting

Status = Proposal.Status
MOST = 200
MOST_ENDED = 20
ENDED_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Waiting:
    """One proposal in words, and whether this person made it: then another has to confirm it."""

    proposal: Proposal
    who: str
    what: str
    is_own: bool


def reached(actor: Actor) -> QuerySet[Proposal]:
    """Every proposal that this person can read, the latest first."""
    scope = PROPOSALS.scope(actor, Permission.MANAGE_PEOPLE)
    return scope.select_related("agency", "membership__user", "proposed_by")


def waiting(actor: Actor, posted: Iterable[UUID] = ()) -> list[Waiting]:
    """Those that wait for a second person, the longest first; and those that a page spoke of."""
    here = Q(status=Status.PROPOSED) | Q(pk__in=list(posted))
    rows = reached(actor).filter(here).order_by("proposed_at", "pk")[:MOST]
    return [
        Waiting(
            proposal=row, who=who(row), what=what(row), is_own=row.proposed_by_id == actor.user.pk
        )
        for row in rows
    ]


def ended(actor: Actor) -> list[dict[str, Any]]:
    """The latest that are over."""
    since = timezone.now() - ENDED_FOR
    rows = reached(actor).exclude(status=Status.PROPOSED).filter(proposed_at__gt=since)
    return [{"proposal": row, "who": who(row), "what": what(row)} for row in rows[:MOST_ENDED]]


def how_many_wait(actor: Actor) -> int:
    """How many this person could confirm or refuse."""
    if not actor.permissions & {Permission.MANAGE_PEOPLE, Permission.ADMINISTER}:
        return 0
    rows = PROPOSALS.scope(actor, Permission.MANAGE_PEOPLE).filter(status=Status.PROPOSED)
    return rows.exclude(proposed_by=actor.user.pk).count()


def who(proposal: Proposal) -> str:
    """Whom it is about, with the address; the agency itself for a domain."""
    if proposal.membership is None:
        return proposal.agency.name
    user = proposal.membership.user
    name = user.get_full_name()
    return f"{name}, {user.email}" if name else user.email


def what(proposal: Proposal) -> str:
    """What it would give, in words."""
    if proposal.membership is None:
        return _("E-mail domain %s") % proposal.domain
    return str(Role(proposal.role).label)


def domains_waiting(agency: Agency) -> set[str]:
    """The domains of an agency that wait for a second person."""
    rows = Proposal.objects.filter(agency=agency, status=Status.PROPOSED, membership=None)
    return set(rows.values_list("domain", flat=True))


def said_of_roles(done: str, membership: Membership) -> str:
    """What was done, and which roles wait for a second person."""
    if not (roles := roles_waiting(membership)):
        return done
    waits = _("A second person has to confirm: %s.") % ", ".join(str(r.label) for r in roles)
    return f"{done} {waits}"


def waits_for(user: User) -> list[Proposal]:
    """The roles of one person that wait, with their agencies."""
    rows = Proposal.objects.filter(membership__user=user, status=Status.PROPOSED)
    return list(rows.select_related("agency"))


def told_at_once(proposal: Proposal) -> list[User]:
    """Who could confirm it, and whoever reviews openings there; not those whom it concerns."""
    here = _keepers() | _holding(Permission.REVIEW_OPENINGS)
    told = User.objects.filter(
        Exists(here.filter(user=OuterRef("pk"), agency=proposal.agency))
        | Exists(_administrators().filter(user=OuterRef("pk"))),
        is_active=True,
    )
    return list(told.exclude(pk__in=_apart(proposal)))


def without_a_second(rows: Iterable[Waiting]) -> list[Waiting]:
    """Those of one's own that nobody could confirm, as things stand: the office has to grow."""
    own = [row for row in rows if row.is_own]
    agencies = {row.proposal.agency_id for row in own}
    keepers = _keepers().filter(agency__in=agencies).values_list("agency", "user")
    everywhere = set(_administrators().values_list("user", flat=True))
    by_agency: dict[UUID, set[UUID]] = {agency: set(everywhere) for agency in agencies}
    for agency, user in keepers if own else ():
        by_agency[agency].add(user)
    return [row for row in own if not by_agency[row.proposal.agency_id] - _apart(row.proposal)]


def _apart(proposal: Proposal) -> set[UUID]:
    """Who proposed it, unless the installation did, and who would have the role."""
    found = {proposal.proposed_by_id} if proposal.proposed_by_id else set()
    return found | ({proposal.membership.user_id} if proposal.membership else set())


def _keepers() -> QuerySet[Membership]:
    return _holding(Permission.MANAGE_PEOPLE)


def _administrators() -> QuerySet[Membership]:
    return _holding(Permission.ADMINISTER).filter(agency__keeps_register=True)


def _holding(permission: Permission) -> QuerySet[Membership]:
    held = HeldRole.objects.filter(membership=OuterRef("pk"), role__in=roles_carrying(permission))
    active = Membership.objects.filter(status=Membership.Status.ACTIVE, user__is_active=True)
    return active.filter(Exists(held))
