"""The life of a check that was made on a person."""

from django.utils.translation import gettext_lazy as _

from agencies import policies
from agencies.models import Vetting
from agencies.people.transitions import BELONGS
from agencies.permissions import Permission
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

CHECK = Transitions(
    "organisationalcheck",
    policies.CHECKS,
    {
        "record": Transition(
            start=(NEW,),
            end=Vetting.Status.RECORDED,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires={"membership": BELONGS},
            apart_from="membership.user",
            label=_("check recorded"),
        ),
        "withdraw": Transition(
            start=(Vetting.Status.RECORDED,),
            end=Vetting.Status.WITHDRAWN,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from="membership.user",
            label=_("check withdrawn"),
        ),
    },
)
