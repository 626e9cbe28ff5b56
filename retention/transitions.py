"""Every change of state in retention, as tables."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
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
from workflow.transitions import NEW, SAME, Transition, Transitions

RequestStatus = InformationRequest.Status
CLOSED = (RequestStatus.DECLINED, RequestStatus.RELEASED)
SENT = (
    RequestStatus.SENT,
    RequestStatus.RETURNED,
    RequestStatus.ACCEPTED,
    RequestStatus.DECLINED,
    RequestStatus.RELEASED,
)

SCHEDULE = Transitions(
    "schedule",
    policies.SCHEDULES,
    {
        "set": Transition(
            start=(NEW,),
            end=Schedule.Status.CURRENT,
            permission=Permission.ADMINISTER,
            label=_("retention schedule set"),
        ),
        "change": Transition(
            start=(Schedule.Status.CURRENT,),
            end=SAME,
            permission=Permission.ADMINISTER,
            label=_("retention schedule changed"),
        ),
        "end": Transition(
            start=(Schedule.Status.CURRENT,),
            end=Schedule.Status.ENDED,
            permission=Permission.ADMINISTER,
            label=_("retention schedule ended"),
        ),
    },
)

PURPOSE = Transitions(
    "purposeserved",
    policies.PURPOSES,
    {
        "say": Transition(
            start=(NEW,),
            end=PurposeServed.Status.SAID,
            permission=Permission.SEND_REQUEST,
            requires={"case": CLOSED},
            label=_("purpose said to be served"),
        ),
        "say_for_agency": Transition(
            start=(NEW,),
            end=PurposeServed.Status.SAID,
            permission=Permission.OVERSEE,
            requires={"case": CLOSED},
            label=_("purpose said to be served"),
        ),
        "take_back": Transition(
            start=(PurposeServed.Status.SAID,),
            end=PurposeServed.Status.TAKEN_BACK,
            permission=Permission.SEND_REQUEST,
            label=_("purpose said not to be served yet"),
        ),
        "take_back_for_agency": Transition(
            start=(PurposeServed.Status.SAID,),
            end=PurposeServed.Status.TAKEN_BACK,
            permission=Permission.OVERSEE,
            label=_("purpose said not to be served yet"),
        ),
    },
)

HOLD = Transitions(
    "hold",
    policies.OWN_HOLDS,
    {
        "place": Transition(
            start=(NEW,),
            end=Hold.Status.ON,
            permission=Permission.TRIAGE,
            requires={"case": SENT},
            label=_("put on hold"),
        ),
        "place_for_agency": Transition(
            start=(NEW,),
            end=Hold.Status.ON,
            permission=Permission.OVERSEE,
            requires={"case": SENT},
            label=_("put on hold"),
        ),
        "lift": Transition(
            start=(Hold.Status.ON,),
            end=Hold.Status.LIFTED,
            permission=Permission.TRIAGE,
            label=_("hold lifted"),
        ),
        "lift_for_agency": Transition(
            start=(Hold.Status.ON,),
            end=Hold.Status.LIFTED,
            permission=Permission.OVERSEE,
            label=_("hold lifted"),
        ),
    },
)

LIST = Transitions(
    "disposallist",
    policies.LISTS,
    {
        "list": Transition(
            start=(NEW,),
            end=DisposalList.Status.LISTED,
            permission=Permission.TRIAGE,
            label=_("listed for disposal"),
            notifies=("disposal.listed",),
        ),
        "approve": Transition(
            start=(DisposalList.Status.LISTED,),
            end=DisposalList.Status.APPROVED,
            permission=Permission.WATCH,
            apart_from="listed_by",
            label=_("disposal approved"),
            notifies=("disposal.approved",),
        ),
        "refuse": Transition(
            start=(DisposalList.Status.LISTED,),
            end=DisposalList.Status.REFUSED,
            permission=Permission.WATCH,
            apart_from="listed_by",
            label=_("disposal refused"),
        ),
        "cancel": Transition(
            start=DisposalList.OPEN,
            end=DisposalList.Status.CANCELLED,
            permission=Permission.TRIAGE,
            label=_("disposal cancelled"),
        ),
    },
)

DISPOSAL = Transitions(
    "disposal",
    policies.DISPOSALS,
    {
        "list": Transition(
            start=(NEW,),
            end=Disposal.Status.LISTED,
            permission=Permission.TRIAGE,
            requires={"case": CLOSED},
            label=_("listed for disposal"),
        ),
        "keep": Transition(
            start=(Disposal.Status.LISTED,),
            end=Disposal.Status.KEPT,
            permission=Permission.TRIAGE,
            label=_("taken off the list of disposals"),
        ),
    },
)

STATEMENT = Transitions(
    "disposalstatement",
    policies.STATEMENTS,
    {
        "dispose": Transition(
            start=(DisposalStatement.Status.ASKED, DisposalStatement.Status.KEPT),
            end=DisposalStatement.Status.DISPOSED,
            permission=Permission.OVERSEE,
            label=_("said to be disposed of"),
        ),
        "keep": Transition(
            start=(DisposalStatement.Status.ASKED, DisposalStatement.Status.KEPT),
            end=DisposalStatement.Status.KEPT,
            permission=Permission.OVERSEE,
            label=_("said to be kept"),
        ),
    },
)
