"""A person acting for one agency: who it is, and what they may do there now."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.db.models.query import QuerySet
from django.utils import timezone

from agencies.eligibility import NOBODY, Standing, standing_of, with_standing
from agencies.models import Agency, HeldRole, Membership, User
from workflow import acting
from workflow.compiled import Compiled
from workflow.rows import as_row, columns_of, read_row

Status = Membership.Status
# Whoever is suspended comes in too, to a page that says so and who can mend it.
ASKED_OF_AGENCY = ("status", "is_front_door", "is_statutory_partner", "keeps_register")
COMES_IN = (Status.ACCEPTED, Status.ACTIVE, Status.SUSPENDED)


@dataclass(frozen=True)
class Actor(acting.Actor):
    """One person of the register, as one of its agencies."""

    user: User
    agency: Agency

    @property
    def shape(self) -> Any:
        """The permissions, and what policies ask of the agency."""
        return self.permissions, tuple(getattr(self.agency, name) for name in ASKED_OF_AGENCY)

    @classmethod
    def stand_in(cls, shape: Any, person: UUID, agency: UUID) -> acting.Actor:
        """One of this shape who knows nothing else of themselves but these ids."""
        permissions, said = shape
        of_agency = dict(zip(ASKED_OF_AGENCY, said, strict=True))
        stands_in = SimpleNamespace(pk=agency, **of_agency)
        return acting.Actor(SimpleNamespace(pk=person), stands_in, permissions)


@dataclass(frozen=True)
class Place:
    """One agency that a person belongs to: how they stand there, and what their grants carry."""

    agency: Agency
    standing: Standing
    carried: frozenset[str]
    has_roles: bool

    @property
    def lets_in(self) -> bool:
        """Whether they can come in for it at all."""
        return self.has_roles and self.standing.status in COMES_IN


def person_of_a_session(pk: UUID) -> User:
    """The person of this id and their places, in one statement. Raises User.DoesNotExist."""
    found = PLACES(user=pk, today=timezone.localdate())
    user = as_row(User, found[0][-len(OF_PERSON) :]) if found else read_row(User, pk)
    user.places_read = found
    return user


def places_at_sign_in(user: User) -> list[Place]:
    """The places of the person of a session, as they were at the beginning of this request."""
    return _places_among(user, user.places_read) if user.places_read else places_of(user)


def places_of(user: User) -> list[Place]:
    """Every agency of ``user`` as it is now, in one statement; those at work first, by name.

    What they carry are grants made to that person alone: no superuser, group or model-level
    permission counts. Read afresh for each request, so that what was taken away is gone at once.
    """
    return _places_among(user, PLACES(user=user.pk, today=timezone.localdate()))


def _places_among(user: User, found: list[tuple[Any, ...]]) -> list[Place]:
    rows: dict[UUID, tuple[Membership, Agency, bool, set[str]]] = {}
    for each in found:
        status, until, checked, read, has_roles, grant, *rest = each
        agency = rest[: len(OF_AGENCY)]
        if agency[0] not in rows:
            membership = Membership(status=status, confirmed_until=until)
            membership.check_in_date, membership.guidance_read = checked, read  # type: ignore[attr-defined]
            row = as_row(Agency, agency)
            rows[agency[0]] = (membership, row, has_roles, set())
        if grant is not None:
            rows[agency[0]][3].add(grant)
    places = [
        Place(
            agency,
            standing_of(membership) if user.is_active else NOBODY,
            frozenset(carried),
            has_roles,
        )
        for membership, agency, has_roles, carried in rows.values()
    ]
    return sorted(places, key=lambda at: (at.standing.status != Status.ACTIVE, at.agency.name))


def place_of(user: User, agency: Agency) -> Place | None:
    """How ``user`` stands at ``agency`` now, if they belong to it or ever did."""
    return next((each for each in places_of(user) if each.agency.pk == agency.pk), None)


def agencies_of(user: User) -> list[Agency]:
    """The agencies that ``user`` belongs to and can come in for, those at work first, by name."""
    return [each.agency for each in places_of(user) if each.lets_in]


def actor_at(user: User, place: Place) -> Actor:
    """``user`` acting at a place, with as much of what the grants carry as the standing lets."""
    usable = frozenset(each for each in place.carried if place.standing.allows(each))
    return Actor(user=user, agency=place.agency, permissions=usable)


def actor_for(user: User, agency: Agency) -> Actor:
    """``user`` acting for ``agency``, with the grants as they stand now; whoever has none may none.

    What the roles carry, less what the state of the membership, checks, guidance and access
    review do not let them use (ISA-7.1).
    """
    here = place_of(user, agency)
    usable = actor_at(user, here).permissions if here else frozenset()
    return Actor(user=user, agency=agency, permissions=usable)


def permissions_at(user: User, agency: Agency) -> frozenset[str]:
    """What ``user`` may do for ``agency`` as things stand at this moment."""
    return actor_for(user, agency).permissions


OF_AGENCY, OF_PERSON = columns_of(Agency, "agency__"), columns_of(User, "user__")


def _places(user: UUID, today: date) -> QuerySet[Any, tuple[Any, ...]]:
    """A row for each grant at each agency; one without a grant where there is none."""
    memberships = with_standing(Membership.objects.filter(user=user), today=today)
    theirs = memberships.annotate(
        has_roles=Exists(HeldRole.objects.filter(membership=OuterRef("pk"))),
        granted=FilteredRelation(
            "agency__agencyuserobjectpermission",
            condition=Q(agency__agencyuserobjectpermission__user=user),
        ),
    )
    return theirs.values_list(
        "status",
        "confirmed_until",
        "check_in_date",
        "guidance_read",
        "has_roles",
        "granted__permission__codename",
        *OF_AGENCY,
        *OF_PERSON,
    )


PLACES = Compiled(_places)
