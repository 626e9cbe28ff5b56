"""The life of a question to the adviser."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from decisions import policies
from decisions.models import AdviceRequest, Decision
from requests_app.models import AgencyCheck
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

AWAITED = {
    "decision": (Decision.Status.WAITING,),
    "decision.agency_check": (AgencyCheck.Status.TAKEN,),
}

ADVICE = Transitions(
    "advicerequest",
    policies.ADVICE,
    {
        "ask": Transition(
            start=(NEW,),
            end=AdviceRequest.Status.ASKED,
            permissions=(Permission.ANSWER,),
            requires=AWAITED,
            label=_("advice asked"),
            notifies=("advice.asked",),
        ),
        "give": Transition(
            start=(AdviceRequest.Status.ASKED,),
            end=AdviceRequest.Status.GIVEN,
            permissions=(Permission.ADVISE,),
            requires=AWAITED,
            label=_("advice given"),
            notifies=("advice.given",),
        ),
        "note": Transition(
            start=(AdviceRequest.Status.ASKED,),
            end=AdviceRequest.Status.GIVEN,
            permissions=(Permission.ANSWER,),
            requires=AWAITED,
            label=_("advice noted"),
        ),
    },
)
