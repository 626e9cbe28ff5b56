"""The life of a membership: what keepers do to it, and what its person does."""

from django.utils.translation import gettext_lazy as _

from agencies import policies
from agencies.models import Membership
from agencies.permissions import Permission
from agencies.register.transitions import ON_THE_REGISTER
from workflow.acting import IN_OWN_NAME
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

Status = Membership.Status
BELONGS = (Status.ACCEPTED, Status.ACTIVE, Status.SUSPENDED)
THE_PERSON = "user"  # who must not be the one to do it: nobody changes their own

MEMBERSHIP = Transitions(
    "membership",
    policies.MEMBERSHIPS,
    {
        "invite": Transition(
            start=(NEW, Status.LEFT),
            end=Status.INVITED,
            permissions=(Permission.MANAGE_PEOPLE,),
            requires=ON_THE_REGISTER,
            apart_from=THE_PERSON,
            label=_("invited"),
        ),
        "take_back": Transition(
            start=(Status.INVITED,),
            end=Status.LEFT,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("invitation withdrawn"),
        ),
        "activate": Transition(
            start=(Status.ACCEPTED,),
            end=Status.ACTIVE,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("began, because a check was recorded"),
        ),
        "change_roles": Transition(
            start=(Status.INVITED, *BELONGS),
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("roles changed"),
        ),
        "suspend": Transition(
            start=(Status.ACTIVE,),
            end=Status.SUSPENDED,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("suspended"),
            notifies=("membership.suspended",),
        ),
        "lift": Transition(
            start=(Status.SUSPENDED,),
            end=Status.ACTIVE,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("suspension lifted"),
            notifies=("membership.lifted",),
        ),
        "leave": Transition(
            start=BELONGS,
            end=Status.LEFT,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("left"),
        ),
        "confirm": Transition(
            start=(Status.ACTIVE,),
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("access confirmed"),
        ),
        "lapse": Transition(
            start=(Status.ACTIVE,),
            end=SAME,
            permissions=(Permission.MANAGE_PEOPLE,),
            apart_from=THE_PERSON,
            label=_("access lapsed"),
        ),
    },
)

OWN_MEMBERSHIP = Transitions(
    "membership",
    policies.OWN_MEMBERSHIPS,
    {
        "accept": Transition(
            start=(Status.INVITED,),
            end=Status.ACCEPTED,
            permissions=(IN_OWN_NAME,),
            requires=ON_THE_REGISTER,
            label=_("invitation accepted"),
        ),
        "begin": Transition(
            start=(Status.ACCEPTED,),
            end=Status.ACTIVE,
            permissions=(IN_OWN_NAME,),
            label=_("began, because a check was recorded already"),
        ),
    },
)
