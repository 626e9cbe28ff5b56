"""The life of a decision, and of its answers and points."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from decisions import policies
from decisions.models import Answer, Decision, DecisionItem, Point
from requests_app.models import AgencyCheck, Item
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

Status = Decision.Status

BEING_ANSWERED = {"agency_check": (AgencyCheck.Status.TAKEN,)}
# Nothing is written under a check that was withdrawn meanwhile.
BEING_MADE = {"decision": (Status.OPEN,), "decision.agency_check": (AgencyCheck.Status.TAKEN,)}

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
            requires=BEING_ANSWERED,
            label=_("advice given"),
        ),
        "note_advice": Transition(
            start=(Status.WAITING,),
            end=Status.OPEN,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
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
            end=DecisionItem.Status.WEIGHED,
            permissions=(Permission.ANSWER,),
            requires=BEING_MADE | {"item": (Item.Status.HELD,)},
            label=_("information considered"),
        ),
        "part": Transition(
            start=(DecisionItem.Status.WEIGHED,),
            end=SAME,
            permissions=(Permission.ANSWER,),
            requires=BEING_MADE,
            label=_("moved to a separate decision"),
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
