"""The life of a reset of second factors: two people, neither of them the one concerned."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import May
from signin import policies
from signin.models import FactorReset
from workflow.moves import NEW, Move, Moves

Status = FactorReset.Status

RESET = Moves(
    policies.RESETS,
    {
        "ask": Move(
            start=(NEW,),
            end=Status.ASKED,
            may=May.MANAGE_PEOPLE,
            says=_("reset asked for"),
            tells=("reset.asked", "reset.told"),
        ),
        "approve": Move(
            start=(Status.ASKED,),
            end=Status.APPROVED,
            may=May.MANAGE_PEOPLE,
            apart_from="asked_by",
            says=_("reset approved by a second person"),
            tells=("reset.approved",),
        ),
        "refuse": Move(
            start=(Status.ASKED,),
            end=Status.REFUSED,
            may=May.MANAGE_PEOPLE,
            apart_from="asked_by",
            says=_("reset refused by a second person"),
        ),
        "withdraw": Move(
            start=(Status.ASKED,),
            end=Status.WITHDRAWN,
            may=May.MANAGE_PEOPLE,
            says=_("reset withdrawn"),
        ),
    },
)
