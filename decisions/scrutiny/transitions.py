"""The life of the scrutiny of a decision not to share."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from decisions import policies
from decisions.models import Scrutiny
from requests_app.models import AgencyCheck
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

# What was withdrawn is not reconsidered: nobody asks for it any more.
ASKED_STILL = {
    "decision.agency_check": (AgencyCheck.Status.TAKEN, AgencyCheck.Status.ANSWERED),
}

SCRUTINY = Transitions(
    "scrutiny",
    policies.SCRUTINIES,
    {
        "open": Transition(
            start=(NEW,),
            end=Scrutiny.Status.OPEN,
            permissions=(Permission.ANSWER,),
            label=_("scrutiny opened"),
            notifies=("scrutiny.opened",),
        ),
        "accept": Transition(
            start=(Scrutiny.Status.OPEN,),
            end=Scrutiny.Status.ACCEPTED,
            permissions=(Permission.SCRUTINISE,),
            apart_from="decision.decided_by",
            label=_("decision accepted"),
            notifies=("scrutiny.accepted",),
        ),
        "reconsider": Transition(
            start=(Scrutiny.Status.OPEN,),
            end=Scrutiny.Status.RECONSIDER,
            permissions=(Permission.SCRUTINISE,),
            requires=ASKED_STILL,
            apart_from="decision.decided_by",
            label=_("agency asked to reconsider"),
            notifies=("scrutiny.reconsider",),
        ),
    },
)
