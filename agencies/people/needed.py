"""Without whom an agency cannot be: whom partners call, and who keeps the register."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from agencies.models import Agency, Contact, HeldRole, Membership
from agencies.permissions import Role

POST_OF = {Role.SPOC: Contact.Post.SPOC, Role.MANAGER: Contact.Post.MANAGER}
NEVER_EMPTY = {*POST_OF, Role.ADMINISTRATOR}  # without the last, nobody could give the role again


def why_needed(membership: Membership, losing: Iterable[Role] | None = None) -> str:
    """Why this person cannot lose these roles, or all of it, yet; "" if nothing stands against it.

    ``losing`` None means leaving or being suspended: then no post on the register may be theirs.
    """
    if membership.agency.status not in Agency.THERE:
        return ""
    roles = NEVER_EMPTY if losing is None else NEVER_EMPTY & set(losing)
    if post := _post_held(membership, roles):
        return _(
            "This person is on the register as the agency’s %(post)s. "
            "Ask the partnership’s office to put somebody else there first."
        ) % {"post": post}
    for role in sorted(roles):
        if _is_the_only_one(membership, role):
            return _(
                "This person is the agency’s only active %(role)s. "
                "Give the role to somebody else first."
            ) % {"role": _lower(role)}
    return ""


def _post_held(membership: Membership, roles: set[Role]) -> str:
    held = Contact.objects.filter(
        agency=membership.agency,
        status=Contact.Status.CURRENT,
        post__in=[POST_OF[role] for role in roles if role in POST_OF],
        email__iexact=membership.user.email,
    ).first()
    if held is None:
        return ""
    return _lower(Role.SPOC if held.post == Contact.Post.SPOC else Role.MANAGER)


def _is_the_only_one(membership: Membership, role: Role) -> bool:
    active = HeldRole.objects.filter(
        membership__agency=membership.agency,
        membership__status=Membership.Status.ACTIVE,
        membership__user__is_active=True,
        role=role,
    )
    return (
        active.filter(membership=membership).exists()
        and not active.exclude(membership=membership).exists()
    )


def _lower(role: Role) -> str:
    return str(role.label).lower()
