"""The lives of a request and of what it is made of."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.models import (
    Attachment,
    Consent,
    InformationRequest,
    Need,
    Subject,
)
from workflow.policy import Policy
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

RequestStatus = InformationRequest.Status

AT_THE_DESK = (
    RequestStatus.SENT,
    RequestStatus.RETURNED,
    RequestStatus.ACCEPTED,
    RequestStatus.RELEASED,
)
WITH_REQUESTER = {"case": (RequestStatus.DRAFT, RequestStatus.RETURNED)}

REQUEST = Transitions(
    "informationrequest",
    policies.REQUESTS,
    {
        "start": Transition(
            start=(NEW,),
            end=RequestStatus.DRAFT,
            permissions=(Permission.SEND_REQUEST,),
            label=_("request started"),
        ),
        "describe": Transition(
            start=(RequestStatus.DRAFT, RequestStatus.RETURNED),
            end=SAME,
            permissions=(Permission.SEND_REQUEST,),
            label=_("request changed"),
        ),
        "discard": Transition(
            start=(RequestStatus.DRAFT,),
            end=RequestStatus.DISCARDED,
            permissions=(Permission.SEND_REQUEST,),
            label=_("draft discarded"),
        ),
        "send": Transition(
            start=(RequestStatus.DRAFT, RequestStatus.RETURNED),
            end=RequestStatus.SENT,
            permissions=(Permission.SEND_REQUEST,),
            label=_("request sent"),
            notifies=("request.sent",),
        ),
        "return": Transition(
            start=(RequestStatus.SENT,),
            end=RequestStatus.RETURNED,
            permissions=(Permission.TRIAGE,),
            label=_("request returned with questions"),
            notifies=("request.returned",),
        ),
        "accept": Transition(
            start=(RequestStatus.SENT,),
            end=RequestStatus.ACCEPTED,
            permissions=(Permission.TRIAGE,),
            label=_("request accepted"),
            notifies=("request.accepted",),
        ),
        "take_back": Transition(
            start=(RequestStatus.RETURNED,),
            end=RequestStatus.SENT,
            permissions=(Permission.TRIAGE,),
            label=_("taken back from the requester"),
            notifies=("request.taken_back",),
        ),
        "decline": Transition(
            start=(RequestStatus.SENT, RequestStatus.RETURNED),
            end=RequestStatus.DECLINED,
            permissions=(Permission.TRIAGE,),
            label=_("request declined"),
            notifies=("request.declined",),
        ),
        "rate": Transition(
            start=(RequestStatus.SENT, RequestStatus.ACCEPTED, RequestStatus.RELEASED),
            end=SAME,
            permissions=(Permission.TRIAGE,),
            label=_("rating changed"),
        ),
        "release": Transition(
            start=(RequestStatus.ACCEPTED, RequestStatus.RELEASED),
            end=RequestStatus.RELEASED,
            permissions=(Permission.TRIAGE,),
            label=_("information released"),
        ),
        "claim": Transition(
            start=AT_THE_DESK,
            end=SAME,
            permissions=(Permission.TRIAGE,),
            label=_("request claimed"),
            aside=True,
        ),
        "hand_over": Transition(
            start=AT_THE_DESK,
            end=SAME,
            permissions=(Permission.TRIAGE,),
            label=_("request handed over"),
            aside=True,
            notifies=("request.handed",),
        ),
        "give_back": Transition(
            start=AT_THE_DESK,
            end=SAME,
            permissions=(Permission.TRIAGE,),
            label=_("request given back"),
            aside=True,
        ),
    },
)


def kept_by_the_requester(name: str, policy: Policy[Any], kept: str, removed: str) -> Transitions:
    """The transitions of something that a requester adds, changes and takes out again."""
    return Transitions(
        name,
        policy,
        {
            "add": Transition(
                start=(NEW,),
                end=kept,
                permissions=(Permission.SEND_REQUEST,),
                requires=WITH_REQUESTER,
                label=_("added"),
            ),
            "change": Transition(
                start=(kept,),
                end=kept,
                permissions=(Permission.SEND_REQUEST,),
                requires=WITH_REQUESTER,
                label=_("changed"),
            ),
            "remove": Transition(
                start=(kept,),
                end=removed,
                permissions=(Permission.SEND_REQUEST,),
                requires=WITH_REQUESTER,
                label=_("removed"),
            ),
        },
    )


SUBJECT = kept_by_the_requester(
    "subject", policies.SUBJECTS, Subject.Status.CURRENT, Subject.Status.REMOVED
)
NEED = kept_by_the_requester("need", policies.NEEDS, Need.Status.CURRENT, Need.Status.REMOVED)
ATTACHMENT = kept_by_the_requester(
    "attachment", policies.ATTACHMENTS, Attachment.Status.KEPT, Attachment.Status.REMOVED
)

CONSENT = Transitions(
    "consent",
    policies.CONSENTS,
    {
        "record": Transition(
            start=(NEW, Consent.Status.RECORDED),
            end=Consent.Status.RECORDED,
            permissions=(Permission.SEND_REQUEST,),
            requires=WITH_REQUESTER,
            label=_("consent recorded"),
        ),
    },
)
