"""The life of a hold."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from retention import policies
from retention.choices import SENT
from retention.models import (
    Hold,
)
from workflow.transitions import NEW, Transition, Transitions

HOLD = Transitions(
    "hold",
    policies.OWN_HOLDS,
    {
        "place": Transition(
            start=(NEW,),
            end=Hold.Status.ON,
            permissions=(Permission.TRIAGE, Permission.OVERSEE),
            requires={"case": SENT},
            label=_("put on hold"),
        ),
        "lift": Transition(
            start=(Hold.Status.ON,),
            end=Hold.Status.LIFTED,
            permissions=(Permission.TRIAGE, Permission.OVERSEE),
            label=_("hold lifted"),
        ),
    },
    formerly={"place_for_agency": "place", "lift_for_agency": "lift"},
)
