"""The life of an opening for another reason, and the notes on it (ISA-7.2)."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import May
from requests_app import policies
from requests_app.models import InformationRequest, Opening, OpeningNote
from workflow.moves import NEW, Move, Moves

Case = InformationRequest.Status
EVER_SENT = (Case.SENT, Case.RETURNED, Case.ACCEPTED, Case.DECLINED, Case.RELEASED)

OPENING = Moves(
    policies.OPENINGS,
    {
        "open": Move(
            start=(NEW,),
            end=Opening.Status.OPEN,
            may=May.OPEN_OTHERWISE,
            given={"case": EVER_SENT},
            says=_("opened without a part in it, for another reason"),
            tells=("opening.opened",),
        ),
        "close": Move(
            start=(Opening.Status.OPEN,),
            end=Opening.Status.CLOSED,
            may=May.OPEN_OTHERWISE,
            says=_("closed again"),
        ),
    },
)

OPENING_NOTE = Moves(
    policies.OPENING_NOTES,
    {
        "look_at": Move(
            start=(NEW,),
            end=OpeningNote.Status.LOOKED_AT,
            may=May.WATCH,
            apart_from="opening.person",
            says=_("opening looked at"),
        ),
    },
)
