"""The life of a question to the adviser."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from decisions import policies
from decisions.models import AdviceRequest, Decision
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

ADVICE = Transitions(
    "advicerequest",
    policies.ADVICE,
    {
        "ask": Transition(
            start=(NEW,),
            end=AdviceRequest.Status.ASKED,
            permissions=(Permission.ANSWER,),
            requires={"decision": (Decision.Status.WAITING,)},
            label=_("advice asked"),
            notifies=("advice.asked",),
        ),
        "give": Transition(
            start=(AdviceRequest.Status.ASKED,),
            end=AdviceRequest.Status.GIVEN,
            permissions=(Permission.ADVISE,),
            requires={"decision": (Decision.Status.WAITING,)},
            label=_("advice given"),
            notifies=("advice.given",),
        ),
        "note": Transition(
            start=(AdviceRequest.Status.ASKED,),
            end=AdviceRequest.Status.GIVEN,
            permissions=(Permission.ANSWER,),
            requires={"decision": (Decision.Status.WAITING,)},
            label=_("advice noted"),
        ),
    },
)
