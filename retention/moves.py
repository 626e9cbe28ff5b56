"""Every change of state in retention, as tables."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import May
from requests_app.models import InformationRequest
from retention import policies
from retention.models import (
    Disposal,
    DisposalList,
    DisposalStatement,
    Hold,
    PurposeServed,
    Schedule,
)
from workflow.moves import NEW, SAME, Move, Moves

Case = InformationRequest.Status
CLOSED = (Case.DECLINED, Case.RELEASED)
SENT = (Case.SENT, Case.RETURNED, Case.ACCEPTED, Case.DECLINED, Case.RELEASED)

SCHEDULE = Moves(
    policies.SCHEDULES,
    {
        "set": Move(
            start=(NEW,),
            end=Schedule.Status.CURRENT,
            may=May.ADMINISTER,
            says=_("retention schedule set"),
        ),
        "change": Move(
            start=(Schedule.Status.CURRENT,),
            end=SAME,
            may=May.ADMINISTER,
            says=_("retention schedule changed"),
        ),
        "end": Move(
            start=(Schedule.Status.CURRENT,),
            end=Schedule.Status.ENDED,
            may=May.ADMINISTER,
            says=_("retention schedule ended"),
        ),
    },
)

PURPOSE = Moves(
    policies.PURPOSES,
    {
        "say": Move(
            start=(NEW,),
            end=PurposeServed.Status.SAID,
            may=May.SEND_REQUEST,
            given={"case": CLOSED},
            says=_("purpose said to be served"),
        ),
        "say_for_agency": Move(
            start=(NEW,),
            end=PurposeServed.Status.SAID,
            may=May.OVERSEE,
            given={"case": CLOSED},
            says=_("purpose said to be served"),
        ),
        "take_back": Move(
            start=(PurposeServed.Status.SAID,),
            end=PurposeServed.Status.TAKEN_BACK,
            may=May.SEND_REQUEST,
            says=_("purpose said not to be served yet"),
        ),
        "take_back_for_agency": Move(
            start=(PurposeServed.Status.SAID,),
            end=PurposeServed.Status.TAKEN_BACK,
            may=May.OVERSEE,
            says=_("purpose said not to be served yet"),
        ),
    },
)

HOLD = Moves(
    policies.OWN_HOLDS,
    {
        "place": Move(
            start=(NEW,),
            end=Hold.Status.ON,
            may=May.TRIAGE,
            given={"case": SENT},
            says=_("put on hold"),
        ),
        "place_for_agency": Move(
            start=(NEW,),
            end=Hold.Status.ON,
            may=May.OVERSEE,
            given={"case": SENT},
            says=_("put on hold"),
        ),
        "lift": Move(
            start=(Hold.Status.ON,),
            end=Hold.Status.LIFTED,
            may=May.TRIAGE,
            says=_("hold lifted"),
        ),
        "lift_for_agency": Move(
            start=(Hold.Status.ON,),
            end=Hold.Status.LIFTED,
            may=May.OVERSEE,
            says=_("hold lifted"),
        ),
    },
)

LIST = Moves(
    policies.LISTS,
    {
        "list": Move(
            start=(NEW,),
            end=DisposalList.Status.LISTED,
            may=May.TRIAGE,
            says=_("listed for disposal"),
            tells=("disposal.listed",),
        ),
        "approve": Move(
            start=(DisposalList.Status.LISTED,),
            end=DisposalList.Status.APPROVED,
            may=May.WATCH,
            apart_from="listed_by",
            says=_("disposal approved"),
            tells=("disposal.approved",),
        ),
        "refuse": Move(
            start=(DisposalList.Status.LISTED,),
            end=DisposalList.Status.REFUSED,
            may=May.WATCH,
            apart_from="listed_by",
            says=_("disposal refused"),
        ),
        "cancel": Move(
            start=DisposalList.OPEN,
            end=DisposalList.Status.CANCELLED,
            may=May.TRIAGE,
            says=_("disposal cancelled"),
        ),
    },
)

DISPOSAL = Moves(
    policies.DISPOSALS,
    {
        "list": Move(
            start=(NEW,),
            end=Disposal.Status.LISTED,
            may=May.TRIAGE,
            given={"case": CLOSED},
            says=_("listed for disposal"),
        ),
        "keep": Move(
            start=(Disposal.Status.LISTED,),
            end=Disposal.Status.KEPT,
            may=May.TRIAGE,
            says=_("taken off the list of disposals"),
        ),
    },
)

STATEMENT = Moves(
    policies.STATEMENTS,
    {
        "dispose": Move(
            start=(DisposalStatement.Status.ASKED, DisposalStatement.Status.KEPT),
            end=DisposalStatement.Status.DISPOSED,
            may=May.OVERSEE,
            says=_("said to be disposed of"),
        ),
        "keep": Move(
            start=(DisposalStatement.Status.ASKED, DisposalStatement.Status.KEPT),
            end=DisposalStatement.Status.KEPT,
            may=May.OVERSEE,
            says=_("said to be kept"),
        ),
    },
)
