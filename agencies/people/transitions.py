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
from agencies.people import policies
from agencies.permissions import Permission
from workflow.acting import IN_OWN_NAME
from workflow.transitions import NEW, SAME, Transition, Transitions

Status = Membership.Status
BELONGS = (Status.ACCEPTED, Status.ACTIVE, Status.SUSPENDED)
THERE = (Agency.Status.LISTED, Agency.Status.TAKING_PART, Agency.Status.SUSPENDED)
ON_THE_REGISTER = {"agency": THERE}
THE_PERSON = "user"  # who must not be the one to do it: nobody changes their own

MEMBERSHIP = Transitions(
    "membership",
    policies.MEMBERSHIPS,
    {
        "invite": Transition(
            start=(NEW, Status.LEFT),
            end=Status.INVITED,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires=ON_THE_REGISTER,
            apart_from=THE_PERSON,
            label=_("invited"),
        ),
        "take_back": Transition(
            start=(Status.INVITED,),
            end=Status.LEFT,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("invitation withdrawn"),
        ),
        "activate": Transition(
            start=(Status.ACCEPTED,),
            end=Status.ACTIVE,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("began, because a check was recorded"),
        ),
        "change_roles": Transition(
            start=(Status.INVITED, *BELONGS),
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("roles changed"),
        ),
        "suspend": Transition(
            start=(Status.ACTIVE,),
            end=Status.SUSPENDED,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("suspended"),
            notifies=("membership.suspended",),
        ),
        "lift": Transition(
            start=(Status.SUSPENDED,),
            end=Status.ACTIVE,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("suspension lifted"),
            notifies=("membership.lifted",),
        ),
        "leave": Transition(
            start=BELONGS,
            end=Status.LEFT,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("left"),
        ),
        "confirm": Transition(
            start=(Status.ACTIVE,),
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("access confirmed"),
        ),
        "lapse": Transition(
            start=(Status.ACTIVE,),
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("access lapsed"),
        ),
    },
)

OWN_MEMBERSHIP = Transitions(
    "membership",
    policies.OWN_MEMBERSHIPS,
    {
        "accept": Transition(
            start=(Status.INVITED,),
            end=Status.ACCEPTED,
            permissions=(IN_OWN_NAME,),
            requires=ON_THE_REGISTER,
            label=_("invitation accepted"),
        ),
        "begin": Transition(
            start=(Status.ACCEPTED,),
            end=Status.ACTIVE,
            permissions=(IN_OWN_NAME,),
            label=_("began, because a check was recorded already"),
        ),
    },
)

INVITATION = Transitions(
    "invitation",
    policies.INVITATIONS,
    {
        "send": Transition(
            start=(NEW,),
            end=Invitation.Status.SENT,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires={"membership": (Status.INVITED,)},
            label=_("invitation sent"),
            notifies=("invitation.sent",),
        ),
        "send_anew": Transition(
            start=(Invitation.Status.SENT,),
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires={"membership": (Status.INVITED,)},
            apart_from="membership.user",
            label=_("invitation sent anew"),
            notifies=("invitation.sent",),
        ),
        "withdraw": Transition(
            start=(Invitation.Status.SENT,),
            end=Invitation.Status.WITHDRAWN,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from="membership.user",
            label=_("invitation withdrawn"),
        ),
    },
)

OWN_INVITATION = Transitions(
    "invitation",
    policies.OWN_INVITATIONS,
    {
        "accept": Transition(
            start=(Invitation.Status.SENT,),
            end=Invitation.Status.ACCEPTED,
            permissions=(IN_OWN_NAME,),
            label=_("invitation accepted"),
        ),
    },
)

CHECK = Transitions(
    "organisationalcheck",
    policies.CHECKS,
    {
        "record": Transition(
            start=(NEW,),
            end=OrganisationalCheck.Status.RECORDED,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires={"membership": BELONGS},
            apart_from="membership.user",
            label=_("check recorded"),
        ),
        "withdraw": Transition(
            start=(OrganisationalCheck.Status.RECORDED,),
            end=OrganisationalCheck.Status.WITHDRAWN,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from="membership.user",
            label=_("check withdrawn"),
        ),
    },
)

PROPOSAL = Transitions(
    "proposal",
    policies.PROPOSALS,
    {
        "propose": Transition(
            start=(NEW,),
            end=Proposal.Status.PROPOSED,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires=ON_THE_REGISTER,
            label=_("proposed; waits for a second person"),
            notifies=("proposal.made",),
        ),
        "confirm": Transition(
            start=(Proposal.Status.PROPOSED,),
            end=Proposal.Status.CONFIRMED,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires=ON_THE_REGISTER,
            apart_from="proposed_by",
            label=_("confirmed by a second person"),
            notifies=("proposal.confirmed",),
        ),
        "refuse": Transition(
            start=(Proposal.Status.PROPOSED,),
            end=Proposal.Status.REFUSED,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from="proposed_by",
            label=_("refused by a second person"),
            notifies=("proposal.refused",),
        ),
        "withdraw": Transition(
            start=(Proposal.Status.PROPOSED,),
            end=Proposal.Status.WITHDRAWN,
            permissions=(Permission.MANAGE_PEOPLE,),
            label=_("proposal withdrawn"),
        ),
    },
)

# By the second person, who may be of the agency itself and not of the office.
DOMAINS = Transitions(
    "agency",
    policies.WITH_PEOPLE,
    {
        "add_domain": Transition(
            start=THERE,
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            label=_("e-mail domain added by two people"),
        ),
    },
)

GUIDANCE = Transitions(
    "guidance",
    policies.GUIDANCE,
    {
        "draft": Transition(
            start=(NEW,),
            end=Guidance.Status.DRAFT,
            permissions=(Permission.ADMINISTER,),
            label=_("guidance drafted"),
        ),
        "change": Transition(
            start=(Guidance.Status.DRAFT,),
            end=SAME,
            permissions=(Permission.ADMINISTER,),
            label=_("draft changed"),
        ),
        "come_into_force": Transition(
            start=(Guidance.Status.DRAFT,),
            end=Guidance.Status.IN_FORCE,
            permissions=(Permission.ADMINISTER,),
            label=_("guidance came into force"),
            notifies=("guidance.in_force",),
        ),
        "supersede": Transition(
            start=(Guidance.Status.IN_FORCE,),
            end=Guidance.Status.SUPERSEDED,
            permissions=(Permission.ADMINISTER,),
            label=_("replaced by a later one"),
        ),
    },
)

ACKNOWLEDGEMENT = Transitions(
    "acknowledgement",
    policies.OWN_ACKNOWLEDGEMENTS,
    {
        "give": Transition(
            start=(NEW,),
            end=Acknowledgement.Status.GIVEN,
            permissions=(IN_OWN_NAME,),
            requires={"guidance": (Guidance.Status.IN_FORCE,)},
            label=_("guidance acknowledged"),
        ),
    },
)
