"""The lives of a membership, an invitation, a check, a proposal and the guidance."""

from django.utils.translation import gettext_lazy as _

from agencies.models import (
    Acknowledgement,
    Agency,
    Guidance,
    Invitation,
    Membership,
    OrganisationalCheck,
    Proposal,
)
from agencies.permissions import May
from agencies.policies import people as policies
from agencies.policies.people import IN_OWN_NAME
from workflow.moves import NEW, SAME, Move, Moves

Status = Membership.Status
BELONGS = (Status.ACCEPTED, Status.ACTIVE, Status.SUSPENDED)
THERE = (Agency.Status.LISTED, Agency.Status.TAKING_PART, Agency.Status.SUSPENDED)
ON_THE_REGISTER = {"agency": THERE}
THE_PERSON = "user"  # who must not be the one to do it: nobody changes their own

MEMBERSHIP = Moves(
    policies.MEMBERSHIPS,
    {
        "invite": Move(
            start=(NEW, Status.LEFT),
            end=Status.INVITED,
            may=May.MANAGE_PEOPLE,
            given=ON_THE_REGISTER,
            apart_from=THE_PERSON,
            says=_("invited"),
        ),
        "take_back": Move(
            start=(Status.INVITED,),
            end=Status.LEFT,
            may=May.MANAGE_PEOPLE,
            apart_from=THE_PERSON,
            says=_("invitation withdrawn"),
        ),
        "activate": Move(
            start=(Status.ACCEPTED,),
            end=Status.ACTIVE,
            may=May.MANAGE_PEOPLE,
            apart_from=THE_PERSON,
            says=_("began, because a check was recorded"),
        ),
        "change_roles": Move(
            start=(Status.INVITED, *BELONGS),
            end=SAME,
            may=May.MANAGE_PEOPLE,
            apart_from=THE_PERSON,
            says=_("roles changed"),
        ),
        "suspend": Move(
            start=(Status.ACTIVE,),
            end=Status.SUSPENDED,
            may=May.MANAGE_PEOPLE,
            apart_from=THE_PERSON,
            says=_("suspended"),
            tells=("membership.suspended",),
        ),
        "lift": Move(
            start=(Status.SUSPENDED,),
            end=Status.ACTIVE,
            may=May.MANAGE_PEOPLE,
            apart_from=THE_PERSON,
            says=_("suspension lifted"),
            tells=("membership.lifted",),
        ),
        "leave": Move(
            start=BELONGS,
            end=Status.LEFT,
            may=May.MANAGE_PEOPLE,
            apart_from=THE_PERSON,
            says=_("left"),
        ),
        "confirm": Move(
            start=(Status.ACTIVE,),
            end=SAME,
            may=May.MANAGE_PEOPLE,
            apart_from=THE_PERSON,
            says=_("access confirmed"),
        ),
        "lapse": Move(
            start=(Status.ACTIVE,),
            end=SAME,
            may=May.MANAGE_PEOPLE,
            apart_from=THE_PERSON,
            says=_("access lapsed"),
        ),
    },
)

OWN_MEMBERSHIP = Moves(
    policies.OWN_MEMBERSHIPS,
    {
        "accept": Move(
            start=(Status.INVITED,),
            end=Status.ACCEPTED,
            may=IN_OWN_NAME,
            given=ON_THE_REGISTER,
            says=_("invitation accepted"),
        ),
        "begin": Move(
            start=(Status.ACCEPTED,),
            end=Status.ACTIVE,
            may=IN_OWN_NAME,
            says=_("began, because a check was recorded already"),
        ),
    },
)

INVITATION = Moves(
    policies.INVITATIONS,
    {
        "send": Move(
            start=(NEW,),
            end=Invitation.Status.SENT,
            may=May.MANAGE_PEOPLE,
            given={"membership": (Status.INVITED,)},
            says=_("invitation sent"),
            tells=("invitation.sent",),
        ),
        "send_anew": Move(
            start=(Invitation.Status.SENT,),
            end=SAME,
            may=May.MANAGE_PEOPLE,
            given={"membership": (Status.INVITED,)},
            apart_from="membership.user",
            says=_("invitation sent anew"),
            tells=("invitation.sent",),
        ),
        "withdraw": Move(
            start=(Invitation.Status.SENT,),
            end=Invitation.Status.WITHDRAWN,
            may=May.MANAGE_PEOPLE,
            apart_from="membership.user",
            says=_("invitation withdrawn"),
        ),
    },
)

OWN_INVITATION = Moves(
    policies.OWN_INVITATIONS,
    {
        "accept": Move(
            start=(Invitation.Status.SENT,),
            end=Invitation.Status.ACCEPTED,
            may=IN_OWN_NAME,
            says=_("invitation accepted"),
        ),
    },
)

CHECK = Moves(
    policies.CHECKS,
    {
        "record": Move(
            start=(NEW,),
            end=OrganisationalCheck.Status.RECORDED,
            may=May.MANAGE_PEOPLE,
            given={"membership": BELONGS},
            apart_from="membership.user",
            says=_("check recorded"),
        ),
        "withdraw": Move(
            start=(OrganisationalCheck.Status.RECORDED,),
            end=OrganisationalCheck.Status.WITHDRAWN,
            may=May.MANAGE_PEOPLE,
            apart_from="membership.user",
            says=_("check withdrawn"),
        ),
    },
)

PROPOSAL = Moves(
    policies.PROPOSALS,
    {
        "propose": Move(
            start=(NEW,),
            end=Proposal.Status.PROPOSED,
            may=May.MANAGE_PEOPLE,
            given=ON_THE_REGISTER,
            says=_("proposed; waits for a second person"),
            tells=("proposal.made",),
        ),
        "confirm": Move(
            start=(Proposal.Status.PROPOSED,),
            end=Proposal.Status.CONFIRMED,
            may=May.MANAGE_PEOPLE,
            given=ON_THE_REGISTER,
            apart_from="proposed_by",
            says=_("confirmed by a second person"),
            tells=("proposal.confirmed",),
        ),
        "refuse": Move(
            start=(Proposal.Status.PROPOSED,),
            end=Proposal.Status.REFUSED,
            may=May.MANAGE_PEOPLE,
            apart_from="proposed_by",
            says=_("refused by a second person"),
            tells=("proposal.refused",),
        ),
        "withdraw": Move(
            start=(Proposal.Status.PROPOSED,),
            end=Proposal.Status.WITHDRAWN,
            may=May.MANAGE_PEOPLE,
            says=_("proposal withdrawn"),
        ),
    },
)

# By the second person, who may be of the agency itself and not of the office.
DOMAINS = Moves(
    policies.WITH_PEOPLE,
    {
        "add_domain": Move(
            start=THERE,
            end=SAME,
            may=May.MANAGE_PEOPLE,
            says=_("e-mail domain added by two people"),
        ),
    },
)

GUIDANCE = Moves(
    policies.GUIDANCE,
    {
        "draft": Move(
            start=(NEW,), end=Guidance.Status.DRAFT, may=May.ADMINISTER, says=_("guidance drafted")
        ),
        "change": Move(
            start=(Guidance.Status.DRAFT,), end=SAME, may=May.ADMINISTER, says=_("draft changed")
        ),
        "come_into_force": Move(
            start=(Guidance.Status.DRAFT,),
            end=Guidance.Status.IN_FORCE,
            may=May.ADMINISTER,
            says=_("guidance came into force"),
            tells=("guidance.in_force",),
        ),
        "supersede": Move(
            start=(Guidance.Status.IN_FORCE,),
            end=Guidance.Status.SUPERSEDED,
            may=May.ADMINISTER,
            says=_("replaced by a later one"),
        ),
    },
)

ACKNOWLEDGEMENT = Moves(
    policies.OWN_ACKNOWLEDGEMENTS,
    {
        "give": Move(
            start=(NEW,),
            end=Acknowledgement.Status.GIVEN,
            may=IN_OWN_NAME,
            given={"guidance": (Guidance.Status.IN_FORCE,)},
            says=_("guidance acknowledged"),
        ),
    },
)
