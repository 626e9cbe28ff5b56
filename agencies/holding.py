"""Who holds which permission, and where: the only file that talks to django-guardian."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from guardian.shortcuts import assign_perm, get_user_perms, remove_perm

from agencies.models import Agency, Membership, User
from agencies.permissions import ROLES, May, Role

if TYPE_CHECKING:
    from agencies.acting import Actor


def permissions_at(user: User, agency: Agency) -> frozenset[str]:
    """What ``user`` may do for ``agency``, by grants made to that person alone.

    Reads the grants themselves: no superuser, group or model-level permission counts.
    """
    if not user.is_active:
        return frozenset()
    return frozenset(get_user_perms(user, agency))


@transaction.atomic
def grant(user: User, role: Role, agency: Agency, *, by: "Actor | None" = None) -> Membership:
    """Give ``user`` a role at ``agency`` with every permission it carries.

    Without ``by`` it is the installation itself that grants, like the demonstration.
    """
    _one_at_a_time(user)
    membership = Membership.objects.filter(user=user, agency=agency, role=role).first()
    if membership is None:
        membership = Membership(user=user, agency=agency, role=role)
        _stamp(membership, "grant", by)
        membership.save()
    for may in ROLES[role]:
        assign_perm(may.value, user, agency)
    return membership


@transaction.atomic
def revoke(user: User, role: Role, agency: Agency, *, by: "Actor | None" = None) -> None:
    """Take a role away, and what no other role of theirs there still carries."""
    _one_at_a_time(user)
    for membership in Membership.objects.filter(user=user, agency=agency, role=role):
        _stamp(membership, "revoke", by)
        membership.delete()
    left = Membership.objects.filter(user=user, agency=agency).values_list("role", flat=True)
    kept: set[May] = set()
    for other in left:
        kept |= ROLES[Role(other)]
    for may in ROLES[role] - kept:
        remove_perm(may.value, user, agency)


def _one_at_a_time(user: User) -> None:
    """Let what is granted to one person and taken from them follow one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _stamp(membership: Membership, code: str, by: "Actor | None") -> None:
    """What the history row of the next save or delete says: who, as which agency, and why."""
    membership._change_reason = code  # type: ignore[attr-defined]
    if by is not None:
        membership._history_user = by.user  # type: ignore[attr-defined]
        membership._history_agency_id = by.agency.pk  # type: ignore[attr-defined]


def people_who(may: May, agency: Agency) -> QuerySet[User]:
    """The active people who may do this for ``agency``, by the roles they hold there."""
    roles = [role for role, mays in ROLES.items() if may in mays]
    return User.objects.filter(
        is_active=True, memberships__agency=agency, memberships__role__in=roles
    ).distinct()


def people_of(agency: Agency) -> QuerySet[User]:
    """The active people who act for ``agency`` in any role."""
    return User.objects.filter(is_active=True, memberships__agency=agency).distinct()
