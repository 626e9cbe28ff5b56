"""Who holds which permission, and where: the only file that talks to django-guardian."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.models import Permission as DjangoPermission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from guardian.shortcuts import get_user_perms, remove_perm

from agencies.models import Agency, AgencyUserObjectPermission, HeldRole, Membership, User
from agencies.permissions import ROLES, Permission, Role
from workflow.bootstrap import save_unattended

if TYPE_CHECKING:
    from workflow.acting import Actor

ACTIVE = Membership.Status.ACTIVE


def roles_carrying(permission: Permission) -> list[Role]:
    """The roles that carry a permission."""
    return [role for role, permissions in ROLES.items() if permission in permissions]


def held(user: User, agency: Agency) -> frozenset[str]:
    """What the roles of ``user`` at ``agency`` carry, by grants made to that person alone.

    Reads the grants themselves: no superuser, group or model-level permission counts. Whether
    they may be used now is for ``agencies.eligibility`` to say.
    """
    return frozenset(get_user_perms(user, agency))


@transaction.atomic
def grant(user: User, role: Role, agency: Agency, *, by: "Actor | None" = None) -> HeldRole:
    """Give ``user`` a role at ``agency`` with every permission it carries.

    Without a membership the person becomes an active member: that is the installation's own
    act, like the demonstration's. People are asked in by ``agencies.invitations.actions``.
    """
    _one_at_a_time(user)
    membership = Membership.objects.filter(user=user, agency=agency).first()
    if membership is None:
        membership = save_unattended(Membership(user=user, agency=agency, status=ACTIVE))
    role_held = HeldRole.objects.filter(membership=membership, role=role).first()
    if role_held is None:
        role_held = HeldRole(membership=membership, role=role)
        _stamp(role_held, "grant", by)
        role_held.save()
    _assign(user, agency, ROLES[role])
    return role_held


@transaction.atomic
def revoke(user: User, role: Role, agency: Agency, *, by: "Actor | None" = None) -> None:
    """Take a role away, and what no other role of theirs there still carries."""
    _one_at_a_time(user)
    for role_held in HeldRole.objects.filter(
        membership__user=user, membership__agency=agency, role=role
    ):
        _stamp(role_held, "revoke", by)
        role_held.delete()
    left = HeldRole.objects.filter(membership__user=user, membership__agency=agency)
    kept: set[Permission] = set()
    for other in left.values_list("role", flat=True):
        kept |= ROLES[Role(other)]
    for permission in ROLES[role] - kept:
        remove_perm(permission.value, user, agency)


def _assign(user: User, agency: Agency, permissions: Iterable[Permission]) -> None:
    """The grants themselves, all at once; those that are there stay as they are."""
    wanted = DjangoPermission.objects.filter(
        content_type=ContentType.objects.get_for_model(Agency),
        codename__in=[permission.value for permission in permissions],
    )
    AgencyUserObjectPermission.objects.bulk_create(
        [
            AgencyUserObjectPermission(permission=each, user=user, content_object=agency)
            for each in wanted
        ],
        ignore_conflicts=True,
    )


def _one_at_a_time(user: User) -> None:
    """Let what is granted to one person and taken from them follow one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _stamp(role_held: HeldRole, code: str, by: "Actor | None") -> None:
    """What the history row of the next save or delete says: who, as which agency, and why."""
    role_held._change_reason = code  # type: ignore[attr-defined]
    if by is not None:
        role_held._history_user = by.user  # type: ignore[attr-defined]
        role_held._history_agency_id = by.agency.pk  # type: ignore[attr-defined]


def people_who(permission: Permission, agency: Agency | UUID) -> QuerySet[User]:
    """The active people who hold this permission for ``agency``, by the roles they have there.

    Somebody whose checks have run out is among them: they are told that something waits, and
    when they come for it, what is missing.
    """
    memberships = Membership.objects.filter(
        agency=agency, status=ACTIVE, roles__role__in=roles_carrying(permission)
    )
    return User.objects.filter(is_active=True, pk__in=memberships.values("user"))


def people_of(agency: Agency) -> QuerySet[User]:
    """The active people who act for ``agency`` in any role."""
    memberships = Membership.objects.filter(agency=agency, status=ACTIVE, roles__isnull=False)
    return User.objects.filter(is_active=True, pk__in=memberships.values("user"))


def agencies_where_somebody_may(permission: Permission) -> QuerySet[Agency]:
    """The agencies at which at least one active person holds this permission."""
    memberships = Membership.objects.filter(
        status=ACTIVE, user__is_active=True, roles__role__in=roles_carrying(permission)
    )
    return Agency.objects.filter(pk__in=memberships.values("agency"))


def partners_other_than(agency: Agency) -> QuerySet[User]:
    """Those who scrutinise for a statutory partner and do not belong to ``agency`` as well."""
    memberships = Membership.objects.filter(
        status=ACTIVE,
        agency__is_statutory_partner=True,
        roles__role__in=roles_carrying(Permission.SCRUTINISE),
    )
    own = Membership.objects.filter(agency=agency).exclude(status=Membership.Status.INVITED)
    return User.objects.filter(is_active=True, pk__in=memberships.values("user")).exclude(
        pk__in=own.values("user")
    )
