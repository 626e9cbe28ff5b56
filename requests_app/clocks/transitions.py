"""The life of a pause: begun and ended by whoever makes the other side wait.

Whether the clock stands still meanwhile follows from the rating (``selectors.stops_the_clock``).
"""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.models import AgencyCheck, InformationRequest, Pause
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

RequestStatus = InformationRequest.Status
BEING_ANSWERED = {"agency_check": (AgencyCheck.Status.TAKEN,)}

PAUSE = Transitions(
    "pause",
    policies.PAUSES,
    {
        "ask_requester": Transition(
            start=(NEW,),
            end=Pause.Status.RUNNING,
            permissions=(Permission.TRIAGE,),
            requires={"case": (RequestStatus.RETURNED,)},
            label=_("wait for the requester began"),
        ),
        "requester_answered": Transition(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            permissions=(Permission.SEND_REQUEST,),
            requires={"case": (RequestStatus.SENT,)},
            label=_("wait for the requester ended"),
        ),
        "requester_not_awaited": Transition(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            permissions=(Permission.TRIAGE,),
            requires={"case": (RequestStatus.SENT, RequestStatus.DECLINED)},
            label=_("no longer waiting for the requester"),
        ),
        "ask_advice": Transition(
            start=(NEW,),
            end=Pause.Status.RUNNING,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("wait for advice began"),
        ),
        "advice_came": Transition(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            permissions=(Permission.ADVISE, Permission.ANSWER),
            label=_("wait for advice ended"),
        ),
        "advice_not_needed": Transition(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            permissions=(Permission.TRIAGE,),
            requires={"agency_check": (AgencyCheck.Status.WITHDRAWN,)},
            label=_("wait for advice ended, since the check was withdrawn"),
        ),
        "with_partners": Transition(
            start=(NEW,),
            end=Pause.Status.ENDED,
            permissions=(Permission.SCRUTINISE,),
            requires=BEING_ANSWERED,
            label=_("clock stopped while the partners scrutinised the answer"),
        ),
    },
    formerly={"advice_not_awaited": "advice_came"},
)
