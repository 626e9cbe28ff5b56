"""The lives of a request, of what it is made of, and of what triage finds."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.permissions import May
from requests_app import policies
from requests_app.models import (
    Attachment,
    Clarification,
    Consent,
    InformationRequest,
    Need,
    Subject,
    TriageCheck,
)
from workflow.moves import NEW, SAME, Move, Moves
from workflow.policy import Policy

Case = InformationRequest.Status

WITH_REQUESTER = {"case": (Case.DRAFT, Case.RETURNED)}
AT_TRIAGE = {"case": (Case.SENT,)}

REQUEST = Moves(
    policies.REQUESTS,
    {
        "start": Move(
            start=(NEW,), end=Case.DRAFT, may=May.SEND_REQUEST, says=_("request started")
        ),
        "describe": Move(
            start=(Case.DRAFT, Case.RETURNED),
            end=SAME,
            may=May.SEND_REQUEST,
            says=_("request changed"),
        ),
        "discard": Move(
            start=(Case.DRAFT,),
            end=Case.DISCARDED,
            may=May.SEND_REQUEST,
            says=_("draft discarded"),
        ),
        "send": Move(
            start=(Case.DRAFT, Case.RETURNED),
            end=Case.SENT,
            may=May.SEND_REQUEST,
            says=_("request sent"),
            tells=("request.sent",),
        ),
        "return": Move(
            start=(Case.SENT,),
            end=Case.RETURNED,
            may=May.TRIAGE,
            says=_("request returned with questions"),
            tells=("request.returned",),
        ),
        "accept": Move(
            start=(Case.SENT,),
            end=Case.ACCEPTED,
            may=May.TRIAGE,
            says=_("request accepted"),
            tells=("request.accepted",),
        ),
        "take_back": Move(
            start=(Case.RETURNED,),
            end=Case.SENT,
            may=May.TRIAGE,
            says=_("taken back from the requester"),
            tells=("request.taken_back",),
        ),
        "decline": Move(
            start=(Case.SENT, Case.RETURNED),
            end=Case.DECLINED,
            may=May.TRIAGE,
            says=_("request declined"),
            tells=("request.declined",),
        ),
        "rate": Move(
            start=(Case.SENT, Case.ACCEPTED, Case.RELEASED),
            end=SAME,
            may=May.TRIAGE,
            says=_("rating changed"),
        ),
        "release": Move(
            start=(Case.ACCEPTED, Case.RELEASED),
            end=Case.RELEASED,
            may=May.TRIAGE,
            says=_("information released"),
        ),
    },
)


def kept_by_the_requester(policy: Policy[Any], kept: str, removed: str) -> Moves:
    """The moves of something that a requester adds, changes and takes out again."""
    return Moves(
        policy,
        {
            "add": Move(
                start=(NEW,),
                end=kept,
                may=May.SEND_REQUEST,
                given=WITH_REQUESTER,
                says=_("added"),
            ),
            "change": Move(
                start=(kept,),
                end=kept,
                may=May.SEND_REQUEST,
                given=WITH_REQUESTER,
                says=_("changed"),
            ),
            "remove": Move(
                start=(kept,),
                end=removed,
                may=May.SEND_REQUEST,
                given=WITH_REQUESTER,
                says=_("taken out"),
            ),
        },
    )


SUBJECT = kept_by_the_requester(policies.SUBJECTS, Subject.Status.CURRENT, Subject.Status.REMOVED)
NEED = kept_by_the_requester(policies.NEEDS, Need.Status.CURRENT, Need.Status.REMOVED)
ATTACHMENT = kept_by_the_requester(
    policies.ATTACHMENTS, Attachment.Status.KEPT, Attachment.Status.REMOVED
)

CONSENT = Moves(
    policies.CONSENTS,
    {
        "record": Move(
            start=(NEW, Consent.Status.RECORDED),
            end=Consent.Status.RECORDED,
            may=May.SEND_REQUEST,
            given=WITH_REQUESTER,
            says=_("consent recorded"),
        ),
    },
)

TRIAGE_CHECK = Moves(
    policies.CHECKS,
    {
        "answer": Move(
            start=(NEW, TriageCheck.Status.ANSWERED),
            end=TriageCheck.Status.ANSWERED,
            may=May.TRIAGE,
            given=AT_TRIAGE,
            says=_("check answered"),
        ),
    },
)

CLARIFICATION = Moves(
    policies.CLARIFICATIONS,
    {
        "ask": Move(
            start=(NEW,),
            end=Clarification.Status.ASKED,
            may=May.TRIAGE,
            given={"case": (Case.RETURNED,)},
            says=_("question asked"),
        ),
        "answer": Move(
            start=(Clarification.Status.ASKED, Clarification.Status.ANSWERED),
            end=Clarification.Status.ANSWERED,
            may=May.SEND_REQUEST,
            given={"case": (Case.RETURNED,)},
            says=_("question answered"),
        ),
    },
)
