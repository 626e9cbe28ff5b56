"""The life of an opening for another reason, and the notes on it (ISA-7.2)."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.models import InformationRequest, Opening, OpeningNote
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

RequestStatus = InformationRequest.Status
EVER_SENT = (
    RequestStatus.SENT,
    RequestStatus.RETURNED,
    RequestStatus.ACCEPTED,
    RequestStatus.DECLINED,
    RequestStatus.RELEASED,
)

OPENING = Transitions(
    "opening",
    policies.OPENINGS,
    {
        "open": Transition(
            start=(NEW,),
            end=Opening.Status.OPEN,
            permissions=(Permission.BREAK_GLASS,),
            requires={"case": EVER_SENT},
            label=_("opened by somebody not involved, for another reason"),
            notifies=("opening.opened",),
        ),
        "close": Transition(
            start=(Opening.Status.OPEN,),
            end=Opening.Status.CLOSED,
            permissions=(Permission.BREAK_GLASS,),
            label=_("closed again"),
        ),
    },
)

OPENING_NOTE = Transitions(
    "openingnote",
    policies.OPENING_NOTES,
    {
        "look_at": Transition(
            start=(NEW,),
            end=OpeningNote.Status.LOOKED_AT,
            permissions=(Permission.REVIEW_OPENINGS,),
            apart_from="opening.person",
            label=_("opening reviewed"),
        ),
    },
)
