"""Which roles somebody can give at an agency (requirements, "People")."""

from agencies.acting import Actor
from agencies.models import Agency, HeldRole, Membership, Proposal
from agencies.permissions import ROLES, Permission, Role
from workflow.versions import version_of

# Who holds one of these is a second person for what others propose or list.
SECOND_PEOPLE = frozenset(
    role
    for role, permissions in ROLES.items()
    if permissions & {Permission.MANAGE_PEOPLE, Permission.REVIEW_OPENINGS}
)
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
    if Permission.ADMINISTER in actor.permissions and actor.agency.keeps_register:
        return there
    if Permission.MANAGE_PEOPLE in actor.permissions and actor.agency == agency:
        return [role for role in there if role in EVERYWHERE]
    return []


def needs_second_person(actor: Actor, agency: Agency, role: Role) -> bool:
    """Whether this role, given by this person, waits for another to confirm it (docs/adr/0093).

    Not where an agency's own people give what reaches no further than they do themselves. At the
    front door, a statutory partner or the office somebody who keeps people, or reviews openings, is
    a second person for what reaches everybody's cases, so nobody makes such a one alone.
    """
    own = Permission.MANAGE_PEOPLE in actor.permissions and actor.agency == agency
    if not own or role not in EVERYWHERE:
        return True
    return agency.reaches_all and role in SECOND_PEOPLE


def roles_waiting(membership: Membership) -> list[Role]:
    """The roles that wait for a second person, in the order of the whole list."""
    waiting = Proposal.objects.filter(membership=membership, status=Proposal.Status.PROPOSED)
    roles = set(waiting.values_list("role", flat=True))
    return [role for role in Role if role in roles]


def version_of_roles(membership: Membership) -> int:
    """A number that grows with any change of a membership or of what waits for it."""
    return membership.version + version_of(membership.proposals.all())


def roles_of(membership: Membership) -> list[Role]:
    """The roles that a member holds, in the order of the whole list."""
    held = set(HeldRole.objects.filter(membership=membership).values_list("role", flat=True))
    return [role for role in Role if role in held]
