"""The lives of a decision, of advice on it and of its scrutiny."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from decisions import policies
from decisions.models import AdviceRequest, Answer, Decision, Point, Scrutiny, Weighed
from requests_app.models import AgencyCheck, Item
from workflow.transitions import NEW, SAME, Transition, Transitions

Status = Decision.Status

BEING_ANSWERED = {"agency_check": (AgencyCheck.Status.TAKEN,)}
BEING_MADE = {"decision": (Status.OPEN,)}
WAITING = {"decision": (Status.WAITING,)}

DECISION = Transitions(
    "decision",
    policies.DECISIONS,
    {
        "begin": Transition(
            start=(NEW,),
            end=Status.OPEN,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("decision begun"),
        ),
        "weigh": Transition(
            start=(Status.OPEN,),
            end=SAME,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("decision changed"),
        ),
        "seek_advice": Transition(
            start=(Status.OPEN,),
            end=Status.WAITING,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("advice sought"),
        ),
        "take_advice": Transition(
            start=(Status.WAITING,),
            end=Status.OPEN,
            permissions=(Permission.ADVISE,),
            label=_("advice given"),
        ),
        "note_advice": Transition(
            start=(Status.WAITING,),
            end=Status.OPEN,
            permissions=(Permission.ANSWER,),
            label=_("advice noted"),
        ),
        "record": Transition(
            start=(Status.OPEN,),
            end=Status.RECORDED,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("decision recorded"),
        ),
    },
)

WEIGHED = Transitions(
    "weighed",
    policies.WEIGHED,
    {
        "weigh": Transition(
            start=(NEW,),
            end=Weighed.Status.WEIGHED,
            permissions=(Permission.ANSWER,),
            requires=BEING_MADE | {"item": (Item.Status.HELD,)},
            label=_("weighed"),
        ),
        "part": Transition(
            start=(Weighed.Status.WEIGHED,),
            end=SAME,
            permissions=(Permission.ANSWER,),
            requires=BEING_MADE,
            label=_("weighed apart from the others"),
        ),
    },
)

ANSWER = Transitions(
    "answer",
    policies.ANSWERS,
    {
        "give": Transition(
            start=(NEW, Answer.Status.GIVEN),
            end=Answer.Status.GIVEN,
            permissions=(Permission.ANSWER,),
            requires=BEING_MADE,
            label=_("question answered"),
        ),
    },
)

POINT = Transitions(
    "point",
    policies.POINTS,
    {
        "consider": Transition(
            start=(NEW, Point.Status.CONSIDERED),
            end=Point.Status.CONSIDERED,
            permissions=(Permission.ANSWER,),
            requires=BEING_MADE,
            label=_("point considered"),
        ),
    },
)

ADVICE = Transitions(
    "advicerequest",
    policies.ADVICE,
    {
        "ask": Transition(
            start=(NEW,),
            end=AdviceRequest.Status.ASKED,
            permissions=(Permission.ANSWER,),
            requires=WAITING,
            label=_("advice asked"),
            notifies=("advice.asked",),
        ),
        "give": Transition(
            start=(AdviceRequest.Status.ASKED,),
            end=AdviceRequest.Status.GIVEN,
            permissions=(Permission.ADVISE,),
            requires=WAITING,
            label=_("advice given"),
            notifies=("advice.given",),
        ),
        "note": Transition(
            start=(AdviceRequest.Status.ASKED,),
            end=AdviceRequest.Status.GIVEN,
            permissions=(Permission.ANSWER,),
            requires=WAITING,
            label=_("advice noted"),
        ),
    },
)

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
            apart_from="decision.decided_by",
            label=_("agency asked to reconsider"),
            notifies=("scrutiny.reconsider",),
        ),
    },
)
