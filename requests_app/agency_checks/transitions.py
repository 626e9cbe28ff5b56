"""The lives of agency checks and of their questions."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.models import AgencyCheck, InformationRequest, Question
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

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
            label=_("agency check sent"),
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
            label=_("sent back to reconsider"),
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
        "remind": Transition(
            start=AgencyCheck.OPEN,
            end=SAME,
            permissions=(Permission.TRIAGE,),
            label=_("agency reminded"),
            notifies=("enquiry.reminded",),
        ),
        "withdraw": Transition(
            start=AgencyCheck.OPEN,
            end=Check.WITHDRAWN,
            permissions=(Permission.TRIAGE,),
            label=_("agency check withdrawn"),
            notifies=("enquiry.withdrawn",),
        ),
        "ask_more": Transition(
            start=AgencyCheck.OPEN,
            end=SAME,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("question added"),
            notifies=("enquiry.asked_more",),
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
            requires=AT_WORK | {"agency_check": AgencyCheck.OPEN},
            label=_("question asked"),
        ),
    },
)
