"""The life of the word that a purpose is served."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from retention import policies
from retention.choices import CLOSED
from retention.models import (
    PurposeServed,
)
from workflow.transitions import NEW, Transition, Transitions

PURPOSE = Transitions(
    "purposeserved",
    policies.PURPOSES,
    {
        "say": Transition(
            start=(NEW,),
            end=PurposeServed.Status.SAID,
            permissions=(Permission.SEND_REQUEST, Permission.OVERSEE),
            requires={"case": CLOSED},
            label=_("purpose said to be served"),
        ),
        "take_back": Transition(
            start=(PurposeServed.Status.SAID,),
            end=PurposeServed.Status.TAKEN_BACK,
            permissions=(Permission.SEND_REQUEST, Permission.OVERSEE),
            label=_("purpose said not to be served yet"),
        ),
    },
    formerly={"say_for_agency": "say", "take_back_for_agency": "take_back"},
)
