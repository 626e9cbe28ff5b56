"""The life of a reset of second factors: two people, neither of them the one concerned."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from authentication.mfa_reset import policies
from authentication.models import FactorReset
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

Status = FactorReset.Status

RESET = Transitions(
    "factorreset",
    policies.RESETS,
    {
        "ask": Transition(
            start=(NEW,),
            end=Status.ASKED,
            permissions=(Permission.MANAGE_PEOPLE,),
            label=_("reset asked for"),
            notifies=("reset.asked", "reset.told"),
        ),
        "approve": Transition(
            start=(Status.ASKED,),
            end=Status.APPROVED,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from="asked_by",
            label=_("reset approved by a second person"),
            notifies=("reset.approved",),
        ),
        "refuse": Transition(
            start=(Status.ASKED,),
            end=Status.REFUSED,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from="asked_by",
            label=_("reset refused by a second person"),
        ),
        "withdraw": Transition(
            start=(Status.ASKED,),
            end=Status.WITHDRAWN,
            permissions=(Permission.MANAGE_PEOPLE,),
            label=_("reset withdrawn"),
        ),
    },
)
