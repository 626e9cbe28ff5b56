"""The life of a proposal, and what a second person adds to an agency."""

from django.utils.translation import gettext_lazy as _

from agencies import policies
from agencies.models import Agency, Proposal
from agencies.permissions import Permission
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

PROPOSAL = Transitions(
    "proposal",
    policies.PROPOSALS,
    {
        "propose": Transition(
            start=(NEW,),
            end=Proposal.Status.PROPOSED,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires={"agency": Agency.THERE},
            label=_("proposed; waits for a second person"),
            notifies=("proposal.made",),
        ),
        "confirm": Transition(
            start=(Proposal.Status.PROPOSED,),
            end=Proposal.Status.CONFIRMED,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires={"agency": Agency.THERE},
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
            start=Agency.THERE,
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            label=_("e-mail domain added by two people"),
        ),
    },
)
