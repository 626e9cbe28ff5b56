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
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

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
            permissions=(Permission.ADMINISTER,),
            label=_("retention schedule set"),
        ),
        "change": Transition(
            start=(Schedule.Status.CURRENT,),
            end=SAME,
            permissions=(Permission.ADMINISTER,),
            label=_("retention schedule changed"),
        ),
        "end": Transition(
            start=(Schedule.Status.CURRENT,),
            end=Schedule.Status.ENDED,
            permissions=(Permission.ADMINISTER,),
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
            permissions=(Permission.SEND_REQUEST, Permission.OVERSEE),
            requires={"case": CLOSED},
            label=_("purpose said to be served"),
        ),
        "take_back": Transition(
            start=(PurposeServed.Status.SAID,),
            end=PurposeServed.Status.TAKEN_BACK,
            permissions=(Permission.SEND_REQUEST, Permission.OVERSEE),
            label=_("purpose said not to be served yet"),
        ),
    },
    formerly={"say_for_agency": "say", "take_back_for_agency": "take_back"},
)

HOLD = Transitions(
    "hold",
    policies.OWN_HOLDS,
    {
        "place": Transition(
            start=(NEW,),
            end=Hold.Status.ON,
            permissions=(Permission.TRIAGE, Permission.OVERSEE),
            requires={"case": SENT},
            label=_("put on hold"),
        ),
        "lift": Transition(
            start=(Hold.Status.ON,),
            end=Hold.Status.LIFTED,
            permissions=(Permission.TRIAGE, Permission.OVERSEE),
            label=_("hold lifted"),
        ),
    },
    formerly={"place_for_agency": "place", "lift_for_agency": "lift"},
)

LIST = Transitions(
    "disposallist",
    policies.LISTS,
    {
        "list": Transition(
            start=(NEW,),
            end=DisposalList.Status.LISTED,
            permissions=(Permission.TRIAGE,),
            label=_("listed for disposal"),
            notifies=("disposal.listed",),
        ),
        "approve": Transition(
            start=(DisposalList.Status.LISTED,),
            end=DisposalList.Status.APPROVED,
            permissions=(Permission.REVIEW_OPENINGS,),
            apart_from="listed_by",
            label=_("disposal approved"),
            notifies=("disposal.approved",),
        ),
        "refuse": Transition(
            start=(DisposalList.Status.LISTED,),
            end=DisposalList.Status.REFUSED,
            permissions=(Permission.REVIEW_OPENINGS,),
            apart_from="listed_by",
            label=_("disposal refused"),
        ),
        "cancel": Transition(
            start=DisposalList.OPEN,
            end=DisposalList.Status.CANCELLED,
            permissions=(Permission.TRIAGE,),
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
            permissions=(Permission.TRIAGE,),
            requires={"case": CLOSED},
            label=_("listed for disposal"),
        ),
        "keep": Transition(
            start=(Disposal.Status.LISTED,),
            end=Disposal.Status.KEPT,
            permissions=(Permission.TRIAGE,),
            label=_("removed from the disposal list"),
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
            permissions=(Permission.OVERSEE,),
            label=_("said to be disposed of"),
        ),
        "keep": Transition(
            start=(DisposalStatement.Status.ASKED, DisposalStatement.Status.KEPT),
            end=DisposalStatement.Status.KEPT,
            permissions=(Permission.OVERSEE,),
            label=_("said to be kept"),
        ),
    },
)
