"""The life of a schedule."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from retention import policies
from retention.models import (
    Schedule,
)
from workflow.transitions import NEW, SAME, Transition, Transitions

SCHEDULE = Transitions(
    "schedule",
    policies.SCHEDULES,
    {
        "set": Transition(
            start=(NEW,),
            end=Schedule.Status.CURRENT,
            permissions=(Permission.ADMINISTER,),
            label=_("retention schedule set"),
        ),
        "change": Transition(
            start=(Schedule.Status.CURRENT,),
            end=SAME,
            permissions=(Permission.ADMINISTER,),
            label=_("retention schedule changed"),
        ),
        "end": Transition(
            start=(Schedule.Status.CURRENT,),
            end=Schedule.Status.ENDED,
            permissions=(Permission.ADMINISTER,),
            label=_("retention schedule ended"),
        ),
    },
)
