"""What a merger brings over: memberships and checks, as if they had been made there."""

from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, OrganisationalCheck
from agencies.permissions import Permission
from agencies.register import policies
from agencies.register.transitions import ON_THE_REGISTER
from workflow.transitions import NEW, Transition, Transitions

BROUGHT_MEMBERSHIP = Transitions(
    "membership",
    policies.BROUGHT_MEMBERSHIPS,
    {
        "bring": Transition(
            start=(NEW,),
            end=Membership.Status.ACTIVE,
            permissions=(Permission.ADMINISTER,),
            requires=ON_THE_REGISTER,
            label=_("came over with a merged entry"),
        ),
    },
)


BROUGHT_CHECK = Transitions(
    "organisationalcheck",
    policies.BROUGHT_CHECKS,
    {
        "bring": Transition(
            start=(NEW,),
            end=OrganisationalCheck.Status.RECORDED,
            permissions=(Permission.ADMINISTER,),
            label=_("came over with a merged entry"),
        ),
    },
)
