"""The life of the guidance, and of acknowledging it."""

from django.utils.translation import gettext_lazy as _

from agencies import policies
from agencies.models import Acknowledgement, Guidance
from agencies.permissions import Permission
from workflow.acting import IN_OWN_NAME
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

GUIDANCE = Transitions(
    "guidance",
    policies.GUIDANCE,
    {
        "draft": Transition(
            start=(NEW,),
            end=Guidance.Status.DRAFT,
            permissions=(Permission.ADMINISTER,),
            label=_("guidance drafted"),
        ),
        "change": Transition(
            start=(Guidance.Status.DRAFT,),
            end=SAME,
            permissions=(Permission.ADMINISTER,),
            label=_("draft changed"),
        ),
        "come_into_force": Transition(
            start=(Guidance.Status.DRAFT,),
            end=Guidance.Status.IN_FORCE,
            permissions=(Permission.ADMINISTER,),
            label=_("guidance came into force"),
            notifies=("guidance.in_force",),
        ),
        "supersede": Transition(
            start=(Guidance.Status.IN_FORCE,),
            end=Guidance.Status.SUPERSEDED,
            permissions=(Permission.ADMINISTER,),
            label=_("replaced by a later one"),
        ),
    },
)


ACKNOWLEDGEMENT = Transitions(
    "acknowledgement",
    policies.OWN_ACKNOWLEDGEMENTS,
    {
        "give": Transition(
            start=(NEW,),
            end=Acknowledgement.Status.GIVEN,
            permissions=(IN_OWN_NAME,),
            requires={"guidance": (Guidance.Status.IN_FORCE,)},
            label=_("guidance acknowledged"),
        ),
    },
)
