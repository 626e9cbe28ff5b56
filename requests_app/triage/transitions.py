"""The lives of what triage finds, and of what it asks the requester."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.models import Clarification, InformationRequest, ShiftNote, TriageCheck
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

RequestStatus = InformationRequest.Status

TRIAGE_CHECK = Transitions(
    "triagecheck",
    policies.CHECKS,
    {
        "answer": Transition(
            start=(NEW, TriageCheck.Status.ANSWERED),
            end=TriageCheck.Status.ANSWERED,
            permissions=(Permission.TRIAGE,),
            requires={"case": (RequestStatus.SENT,)},
            label=_("check answered"),
        ),
    },
)

CLARIFICATION = Transitions(
    "clarification",
    policies.CLARIFICATIONS,
    {
        "ask": Transition(
            start=(NEW,),
            end=Clarification.Status.ASKED,
            permissions=(Permission.TRIAGE,),
            requires={"case": (RequestStatus.RETURNED,)},
            label=_("question asked"),
        ),
        "answer": Transition(
            start=(Clarification.Status.ASKED, Clarification.Status.ANSWERED),
            end=Clarification.Status.ANSWERED,
            permissions=(Permission.SEND_REQUEST,),
            requires={"case": (RequestStatus.RETURNED,)},
            label=_("question answered"),
        ),
    },
)

SHIFT_NOTE = Transitions(
    "shiftnote",
    policies.SHIFT_NOTES,
    {
        "write": Transition(
            start=(NEW,),
            end=ShiftNote.Status.WAITING,
            permissions=(Permission.TRIAGE,),
            requires={
                "case": (
                    RequestStatus.SENT,
                    RequestStatus.RETURNED,
                    RequestStatus.ACCEPTED,
                    RequestStatus.RELEASED,
                )
            },
            label=_("handed over at the end of a shift"),
        ),
        "replace": Transition(
            start=(ShiftNote.Status.WAITING,),
            end=ShiftNote.Status.REPLACED,
            permissions=(Permission.TRIAGE,),
            label=_("handed over again at the end of a shift"),
        ),
        "withdraw": Transition(
            start=(ShiftNote.Status.WAITING,),
            end=ShiftNote.Status.WITHDRAWN,
            permissions=(Permission.TRIAGE,),
            label=_("shift hand-over taken back"),
        ),
        "take": Transition(
            start=(ShiftNote.Status.WAITING,),
            end=ShiftNote.Status.TAKEN,
            permissions=(Permission.TRIAGE,),
            apart_from="written_by",
            label=_("shift hand-over acknowledged"),
        ),
    },
)
