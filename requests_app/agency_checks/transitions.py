"""The lives of agency checks, of what they bring in, and of what is released."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.models import (
    AgencyCheck,
    InformationRequest,
    Item,
    Pause,
    Question,
    Receipt,
    Recipient,
    Release,
    ReleasedAnswer,
    ReleasedItem,
)
from workflow.transitions import NEW, SAME, Transition, Transitions

RequestStatus = InformationRequest.Status
Check = AgencyCheck.Status

AT_WORK = {"case": (RequestStatus.ACCEPTED, RequestStatus.RELEASED)}
BEING_ANSWERED = {"agency_check": (Check.TAKEN,)}

AGENCY_CHECK = Transitions(
    "enquiry",
    policies.AGENCY_CHECKS,
    {
        "put": Transition(
            start=(NEW,),
            end=Check.SENT,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("agency check put"),
            notifies=("enquiry.put",),
        ),
        "take": Transition(
            start=(Check.SENT,),
            end=Check.TAKEN,
            permissions=(Permission.ANSWER,),
            label=_("agency check taken"),
        ),
        "hand": Transition(
            start=(Check.SENT, Check.TAKEN),
            end=Check.TAKEN,
            permissions=(Permission.ANSWER,),
            label=_("agency check handed to a colleague"),
            notifies=("enquiry.handed",),
        ),
        "not_known": Transition(
            start=(Check.SENT, Check.TAKEN),
            end=Check.ANSWERED,
            permissions=(Permission.ANSWER,),
            label=_("answered: not known to this agency"),
            notifies=("enquiry.answered",),
        ),
        "answer": Transition(
            start=(Check.TAKEN,),
            end=Check.ANSWERED,
            permissions=(Permission.ANSWER,),
            label=_("agency check answered"),
            notifies=("enquiry.answered",),
        ),
        "reconsider": Transition(
            start=(Check.ANSWERED,),
            end=Check.TAKEN,
            permissions=(Permission.SCRUTINISE,),
            label=_("sent back to be decided anew"),
        ),
        "release": Transition(
            start=(Check.ANSWERED,),
            end=SAME,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("answer released to the requester"),
        ),
        "rate": Transition(
            start=AgencyCheck.OPEN,
            end=SAME,
            permissions=(Permission.TRIAGE,),
            label=_("rating changed"),
            notifies=("enquiry.rated",),
        ),
    },
)

QUESTION = Transitions(
    "question",
    policies.QUESTIONS,
    {
        "ask": Transition(
            start=(NEW,),
            end=Question.Status.ASKED,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK | {"agency_check": (Check.SENT,)},
            label=_("question asked"),
        ),
    },
)

# Each clock is stopped and started by whoever makes the other side wait.
PAUSE = Transitions(
    "pause",
    policies.PAUSES,
    {
        "ask_requester": Transition(
            start=(NEW,),
            end=Pause.Status.RUNNING,
            permissions=(Permission.TRIAGE,),
            requires={"case": (RequestStatus.RETURNED,)},
            label=_("clock stopped while the requester answers"),
        ),
        "requester_answered": Transition(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            permissions=(Permission.SEND_REQUEST,),
            requires={"case": (RequestStatus.SENT,)},
            label=_("clock running again"),
        ),
        "requester_not_awaited": Transition(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            permissions=(Permission.TRIAGE,),
            requires={"case": (RequestStatus.SENT, RequestStatus.DECLINED)},
            label=_("the requester is not waited for any longer"),
        ),
        "ask_advice": Transition(
            start=(NEW,),
            end=Pause.Status.RUNNING,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("clock stopped while advice is sought"),
        ),
        "advice_came": Transition(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            permissions=(Permission.ADVISE, Permission.ANSWER),
            label=_("clock running again"),
        ),
        "with_partners": Transition(
            start=(NEW,),
            end=Pause.Status.ENDED,
            permissions=(Permission.SCRUTINISE,),
            requires=BEING_ANSWERED,
            label=_("clock stopped while the partners looked at the answer"),
        ),
    },
    formerly={"advice_not_awaited": "advice_came"},
)


ITEM = Transitions(
    "item",
    policies.ITEMS,
    {
        "list": Transition(
            start=(NEW,),
            end=Item.Status.HELD,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("listed"),
        ),
        "change": Transition(
            start=(Item.Status.HELD,),
            end=Item.Status.HELD,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("changed"),
        ),
        "drop": Transition(
            start=(Item.Status.HELD,),
            end=Item.Status.DROPPED,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("taken off the list"),
        ),
        "offer": Transition(
            start=(Item.Status.HELD,),
            end=Item.Status.OFFERED,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("shared with the front door"),
        ),
        "withhold": Transition(
            start=(Item.Status.HELD,),
            end=Item.Status.WITHHELD,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("not shared"),
        ),
    },
)

RECEIPT = Transitions(
    "receipt",
    policies.RECEIPTS,
    {
        "accept": Transition(
            start=(NEW,),
            end=Receipt.Status.ACCEPTED,
            permissions=(Permission.TRIAGE,),
            requires={"item": (Item.Status.OFFERED,)},
            label=_("information accepted"),
        ),
        "refuse": Transition(
            start=(NEW,),
            end=Receipt.Status.REFUSED,
            permissions=(Permission.TRIAGE,),
            requires={"item": (Item.Status.OFFERED,)},
            label=_("information refused"),
            notifies=("receipt.refused",),
        ),
    },
)

RELEASE = Transitions(
    "release",
    policies.RELEASES,
    {
        "make": Transition(
            start=(NEW,),
            end=Release.Status.RELEASED,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("information released"),
        ),
    },
)

RELEASED_ITEM = Transitions(
    "releaseditem",
    policies.RELEASED_ITEMS,
    {
        "put_in": Transition(
            start=(NEW,),
            end=ReleasedItem.Status.RELEASED,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("put into the package"),
        ),
    },
)

RELEASED_ANSWER = Transitions(
    "releasedanswer",
    policies.RELEASED_ANSWERS,
    {
        "put_in": Transition(
            start=(NEW,),
            end=ReleasedAnswer.Status.RELEASED,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("put into the package"),
        ),
    },
)

RECIPIENT = Transitions(
    "recipient",
    policies.RECIPIENTS,
    {
        "name": Transition(
            start=(NEW,),
            end=Recipient.Status.TOLD,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("named as a recipient"),
            notifies=("release.made",),
        ),
        "acknowledge": Transition(
            start=(Recipient.Status.TOLD,),
            end=Recipient.Status.ACKNOWLEDGED,
            permissions=(Permission.SEND_REQUEST,),
            label=_("receipt acknowledged"),
        ),
    },
)
