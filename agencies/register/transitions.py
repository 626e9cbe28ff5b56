"""The lives of an agency on the register, of those who hold its posts and of its closures."""

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Closure, Contact, Membership, Vetting
from agencies.permissions import Permission
from agencies.register import policies
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

Status = Agency.Status
ON_THE_REGISTER = {"agency": Agency.THERE}

AGENCY = Transitions(
    "agency",
    policies.AGENCIES,
    {
        "list": Transition(
            start=(NEW,),
            end=Status.LISTED,
            permissions=(Permission.ADMINISTER,),
            label=_("agency listed"),
        ),
        "change": Transition(
            start=Agency.THERE,
            end=SAME,
            permissions=(Permission.ADMINISTER,),
            label=_("agency changed"),
        ),
        "leave": Transition(
            start=Agency.THERE,
            end=Status.LEFT,
            permissions=(Permission.ADMINISTER,),
            label=_("agency left"),
        ),
        "merge": Transition(
            start=Agency.THERE,
            end=Status.MERGED,
            permissions=(Permission.ADMINISTER,),
            label=_("merged into another entry"),
        ),
        "take_in": Transition(
            start=Agency.THERE,
            end=SAME,
            permissions=(Permission.ADMINISTER,),
            label=_("another entry merged into this one"),
        ),
    },
)

CONTACT = Transitions(
    "contact",
    policies.CONTACTS,
    {
        "name": Transition(
            start=(NEW,),
            end=Contact.Status.CURRENT,
            permissions=(Permission.ADMINISTER,),
            requires=ON_THE_REGISTER,
            label=_("post filled"),
        ),
        "replace": Transition(
            start=(Contact.Status.CURRENT,),
            end=Contact.Status.ENDED,
            permissions=(Permission.ADMINISTER,),
            requires=ON_THE_REGISTER,
            label=_("replaced"),
        ),
    },
)

CLOSURE = Transitions(
    "closure",
    policies.CLOSURES,
    {
        "plan": Transition(
            start=(NEW,),
            end=Closure.Status.PLANNED,
            permissions=(Permission.ADMINISTER,),
            requires=ON_THE_REGISTER,
            label=_("closure planned"),
        ),
        "withdraw": Transition(
            start=(Closure.Status.PLANNED,),
            end=Closure.Status.WITHDRAWN,
            permissions=(Permission.ADMINISTER,),
            requires=ON_THE_REGISTER,
            label=_("closure withdrawn"),
        ),
    },
)

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
            end=Vetting.Status.RECORDED,
            permissions=(Permission.ADMINISTER,),
            label=_("came over with a merged entry"),
        ),
    },
)
