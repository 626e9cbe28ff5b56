"""Which roles somebody can give at an agency (requirements, "People")."""

from agencies.acting import Actor
from agencies.models import Agency, HeldRole, Membership
from agencies.permissions import May, Role

EVERYWHERE = (Role.REQUESTER, Role.SPOC, Role.MANAGER, Role.ADVISER)


def roles_at(agency: Agency) -> list[Role]:
    """Every role that there is at an agency of this kind, in the order of the whole list."""
    there = set(EVERYWHERE)
    if agency.is_front_door:
        there.add(Role.IFD_OFFICER)
    if agency.is_statutory_partner:
        there.add(Role.PARTNER)
    if agency.keeps_register:
        there.add(Role.ADMINISTRATOR)
    return [role for role in Role if role in there]


def roles_to_give(actor: Actor, agency: Agency) -> list[Role]:
    """Those that this person may give and take: the office all of them, an agency its own."""
    there = roles_at(agency)
    if May.ADMINISTER in actor.may and actor.agency.keeps_register:
        return there
    if May.MANAGE_PEOPLE in actor.may and actor.agency == agency:
        return [role for role in there if role in EVERYWHERE]
    return []


def roles_of(membership: Membership) -> list[Role]:
    """The roles that a member holds, in the order of the whole list."""
    held = set(HeldRole.objects.filter(membership=membership).values_list("role", flat=True))
    return [role for role in Role if role in held]
