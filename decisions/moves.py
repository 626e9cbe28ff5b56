"""The lives of a decision, of advice on it and of its scrutiny."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import May
from decisions import policies
from decisions.models import AdviceRequest, Answer, Decision, Point, Scrutiny, Weighed
from requests_app.models import Enquiry, Item
from workflow.moves import NEW, SAME, Move, Moves

Status = Decision.Status

BEING_ANSWERED = {"enquiry": (Enquiry.Status.TAKEN,)}
BEING_MADE = {"decision": (Status.OPEN,)}
WAITING = {"decision": (Status.WAITING,)}

DECISION = Moves(
    policies.DECISIONS,
    {
        "begin": Move(
            start=(NEW,),
            end=Status.OPEN,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("decision begun"),
        ),
        "weigh": Move(
            start=(Status.OPEN,),
            end=SAME,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("decision changed"),
        ),
        "seek_advice": Move(
            start=(Status.OPEN,),
            end=Status.WAITING,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("advice sought"),
        ),
        "take_advice": Move(
            start=(Status.WAITING,), end=Status.OPEN, may=May.ADVISE, says=_("advice given")
        ),
        "note_advice": Move(
            start=(Status.WAITING,), end=Status.OPEN, may=May.ANSWER, says=_("advice noted")
        ),
        "record": Move(
            start=(Status.OPEN,),
            end=Status.RECORDED,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("decision recorded"),
        ),
    },
)

WEIGHED = Moves(
    policies.WEIGHED,
    {
        "weigh": Move(
            start=(NEW,),
            end=Weighed.Status.WEIGHED,
            may=May.ANSWER,
            given=BEING_MADE | {"item": (Item.Status.HELD,)},
            says=_("weighed"),
        ),
        "part": Move(
            start=(Weighed.Status.WEIGHED,),
            end=SAME,
            may=May.ANSWER,
            given=BEING_MADE,
            says=_("weighed apart from the others"),
        ),
    },
)

ANSWER = Moves(
    policies.ANSWERS,
    {
        "give": Move(
            start=(NEW, Answer.Status.GIVEN),
            end=Answer.Status.GIVEN,
            may=May.ANSWER,
            given=BEING_MADE,
            says=_("question answered"),
        ),
    },
)

POINT = Moves(
    policies.POINTS,
    {
        "consider": Move(
            start=(NEW, Point.Status.CONSIDERED),
            end=Point.Status.CONSIDERED,
            may=May.ANSWER,
            given=BEING_MADE,
            says=_("point considered"),
        ),
    },
)

ADVICE = Moves(
    policies.ADVICE,
    {
        "ask": Move(
            start=(NEW,),
            end=AdviceRequest.Status.ASKED,
            may=May.ANSWER,
            given=WAITING,
            says=_("advice asked"),
            tells=("advice.asked",),
        ),
        "give": Move(
            start=(AdviceRequest.Status.ASKED,),
            end=AdviceRequest.Status.GIVEN,
            may=May.ADVISE,
            given=WAITING,
            says=_("advice given"),
            tells=("advice.given",),
        ),
        "note": Move(
            start=(AdviceRequest.Status.ASKED,),
            end=AdviceRequest.Status.GIVEN,
            may=May.ANSWER,
            given=WAITING,
            says=_("advice noted"),
        ),
    },
)

SCRUTINY = Moves(
    policies.SCRUTINIES,
    {
        "open": Move(
            start=(NEW,),
            end=Scrutiny.Status.OPEN,
            may=May.ANSWER,
            says=_("scrutiny opened"),
            tells=("scrutiny.opened",),
        ),
        "accept": Move(
            start=(Scrutiny.Status.OPEN,),
            end=Scrutiny.Status.ACCEPTED,
            may=May.SCRUTINISE,
            apart_from="decision.decided_by",
            says=_("decision accepted"),
            tells=("scrutiny.accepted",),
        ),
        "reconsider": Move(
            start=(Scrutiny.Status.OPEN,),
            end=Scrutiny.Status.RECONSIDER,
            may=May.SCRUTINISE,
            apart_from="decision.decided_by",
            says=_("agency asked to reconsider"),
            tells=("scrutiny.reconsider",),
        ),
    },
)
