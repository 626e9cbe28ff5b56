"""The lives of agency checks, of what they bring in, and of what is released."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import May
from requests_app import policies
from requests_app.models import (
    Enquiry,
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
from workflow.moves import NEW, SAME, Move, Moves

Case = InformationRequest.Status
Check = Enquiry.Status

AT_WORK = {"case": (Case.ACCEPTED, Case.RELEASED)}
BEING_ANSWERED = {"enquiry": (Check.TAKEN,)}

ENQUIRY = Moves(
    policies.ENQUIRIES,
    {
        "put": Move(
            start=(NEW,),
            end=Check.SENT,
            may=May.TRIAGE,
            given=AT_WORK,
            says=_("agency check put"),
            tells=("enquiry.put",),
        ),
        "take": Move(
            start=(Check.SENT,), end=Check.TAKEN, may=May.ANSWER, says=_("agency check taken")
        ),
        "hand": Move(
            start=(Check.SENT, Check.TAKEN),
            end=Check.TAKEN,
            may=May.ANSWER,
            says=_("agency check handed to a colleague"),
            tells=("enquiry.handed",),
        ),
        "not_known": Move(
            start=(Check.SENT, Check.TAKEN),
            end=Check.ANSWERED,
            may=May.ANSWER,
            says=_("answered: not known to this agency"),
            tells=("enquiry.answered",),
        ),
        "answer": Move(
            start=(Check.TAKEN,),
            end=Check.ANSWERED,
            may=May.ANSWER,
            says=_("agency check answered"),
            tells=("enquiry.answered",),
        ),
        "reconsider": Move(
            start=(Check.ANSWERED,),
            end=Check.TAKEN,
            may=May.SCRUTINISE,
            says=_("sent back to be decided anew"),
        ),
        "release": Move(
            start=(Check.ANSWERED,),
            end=SAME,
            may=May.TRIAGE,
            given=AT_WORK,
            says=_("answer released to the requester"),
        ),
        "rate": Move(
            start=Enquiry.OPEN,
            end=SAME,
            may=May.TRIAGE,
            says=_("rating changed"),
            tells=("enquiry.rated",),
        ),
    },
)

QUESTION = Moves(
    policies.QUESTIONS,
    {
        "ask": Move(
            start=(NEW,),
            end=Question.Status.ASKED,
            may=May.TRIAGE,
            given=AT_WORK | {"enquiry": (Check.SENT,)},
            says=_("question asked"),
        ),
    },
)

# Each clock is stopped and started by whoever makes the other side wait.
PAUSE = Moves(
    policies.PAUSES,
    {
        "ask_requester": Move(
            start=(NEW,),
            end=Pause.Status.RUNNING,
            may=May.TRIAGE,
            given={"case": (Case.RETURNED,)},
            says=_("clock stopped while the requester answers"),
        ),
        "requester_answered": Move(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            may=May.SEND_REQUEST,
            given={"case": (Case.SENT,)},
            says=_("clock running again"),
        ),
        "requester_not_awaited": Move(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            may=May.TRIAGE,
            given={"case": (Case.SENT, Case.DECLINED)},
            says=_("the requester is not waited for any longer"),
        ),
        "ask_advice": Move(
            start=(NEW,),
            end=Pause.Status.RUNNING,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("clock stopped while advice is sought"),
        ),
        "advice_came": Move(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            may=May.ADVISE,
            says=_("clock running again"),
        ),
        "with_partners": Move(
            start=(NEW,),
            end=Pause.Status.ENDED,
            may=May.SCRUTINISE,
            given=BEING_ANSWERED,
            says=_("clock stopped while the partners looked at the answer"),
        ),
        "advice_not_awaited": Move(
            start=(Pause.Status.RUNNING,),
            end=Pause.Status.ENDED,
            may=May.ANSWER,
            says=_("clock running again"),
        ),
    },
)


ITEM = Moves(
    policies.ITEMS,
    {
        "list": Move(
            start=(NEW,),
            end=Item.Status.HELD,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("listed"),
        ),
        "change": Move(
            start=(Item.Status.HELD,),
            end=Item.Status.HELD,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("changed"),
        ),
        "drop": Move(
            start=(Item.Status.HELD,),
            end=Item.Status.DROPPED,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("taken off the list"),
        ),
        "offer": Move(
            start=(Item.Status.HELD,),
            end=Item.Status.OFFERED,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("shared with the front door"),
        ),
        "withhold": Move(
            start=(Item.Status.HELD,),
            end=Item.Status.WITHHELD,
            may=May.ANSWER,
            given=BEING_ANSWERED,
            says=_("not shared"),
        ),
    },
)

RECEIPT = Moves(
    policies.RECEIPTS,
    {
        "accept": Move(
            start=(NEW,),
            end=Receipt.Status.ACCEPTED,
            may=May.TRIAGE,
            given={"item": (Item.Status.OFFERED,)},
            says=_("information accepted"),
        ),
        "refuse": Move(
            start=(NEW,),
            end=Receipt.Status.REFUSED,
            may=May.TRIAGE,
            given={"item": (Item.Status.OFFERED,)},
            says=_("information refused"),
            tells=("receipt.refused",),
        ),
    },
)

RELEASE = Moves(
    policies.RELEASES,
    {
        "make": Move(
            start=(NEW,),
            end=Release.Status.RELEASED,
            may=May.TRIAGE,
            given=AT_WORK,
            says=_("information released"),
        ),
    },
)

RELEASED_ITEM = Moves(
    policies.RELEASED_ITEMS,
    {
        "put_in": Move(
            start=(NEW,),
            end=ReleasedItem.Status.RELEASED,
            may=May.TRIAGE,
            given=AT_WORK,
            says=_("put into the package"),
        ),
    },
)

RELEASED_ANSWER = Moves(
    policies.RELEASED_ANSWERS,
    {
        "put_in": Move(
            start=(NEW,),
            end=ReleasedAnswer.Status.RELEASED,
            may=May.TRIAGE,
            given=AT_WORK,
            says=_("put into the package"),
        ),
    },
)

RECIPIENT = Moves(
    policies.RECIPIENTS,
    {
        "name": Move(
            start=(NEW,),
            end=Recipient.Status.TOLD,
            may=May.TRIAGE,
            given=AT_WORK,
            says=_("named as a recipient"),
            tells=("release.made",),
        ),
        "acknowledge": Move(
            start=(Recipient.Status.TOLD,),
            end=Recipient.Status.ACKNOWLEDGED,
            may=May.SEND_REQUEST,
            says=_("receipt acknowledged"),
        ),
    },
)
