"""The life of an invitation."""

from django.utils.translation import gettext_lazy as _

from agencies import policies
from agencies.models import Invitation, Membership
from agencies.permissions import Permission
from workflow.acting import IN_OWN_NAME
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

INVITATION = Transitions(
    "invitation",
    policies.INVITATIONS,
    {
        "send": Transition(
            start=(NEW,),
            end=Invitation.Status.SENT,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires={"membership": (Membership.Status.INVITED,)},
            label=_("invitation sent"),
            notifies=("invitation.sent",),
        ),
        "send_anew": Transition(
            start=(Invitation.Status.SENT,),
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires={"membership": (Membership.Status.INVITED,)},
            apart_from="membership.user",
            label=_("invitation sent again"),
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
