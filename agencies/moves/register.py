"""The lives of an agency on the register, of those who hold its posts and of its closures."""

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Closure, Contact, Membership, OrganisationalCheck
from agencies.permissions import May
from agencies.policies import register as policies
from workflow.moves import NEW, SAME, Move, Moves

Status = Agency.Status
THERE = (Status.LISTED, Status.TAKING_PART, Status.SUSPENDED)
ON_THE_REGISTER = {"agency": THERE}

AGENCY = Moves(
    policies.AGENCIES,
    {
        "list": Move(start=(NEW,), end=Status.LISTED, may=May.ADMINISTER, says=_("agency listed")),
        "change": Move(start=THERE, end=SAME, may=May.ADMINISTER, says=_("agency changed")),
        "leave": Move(start=THERE, end=Status.LEFT, may=May.ADMINISTER, says=_("agency left")),
        "merge": Move(
            start=THERE,
            end=Status.MERGED,
            may=May.ADMINISTER,
            says=_("merged into another entry"),
        ),
        "take_in": Move(
            start=THERE, end=SAME, may=May.ADMINISTER, says=_("another entry merged into this one")
        ),
    },
)

CONTACT = Moves(
    policies.CONTACTS,
    {
        "name": Move(
            start=(NEW,),
            end=Contact.Status.CURRENT,
            may=May.ADMINISTER,
            given=ON_THE_REGISTER,
            says=_("post filled"),
        ),
        "replace": Move(
            start=(Contact.Status.CURRENT,),
            end=Contact.Status.ENDED,
            may=May.ADMINISTER,
            given=ON_THE_REGISTER,
            says=_("replaced"),
        ),
    },
)

CLOSURE = Moves(
    policies.CLOSURES,
    {
        "plan": Move(
            start=(NEW,),
            end=Closure.Status.PLANNED,
            may=May.ADMINISTER,
            given=ON_THE_REGISTER,
            says=_("closure planned"),
        ),
        "withdraw": Move(
            start=(Closure.Status.PLANNED,),
            end=Closure.Status.WITHDRAWN,
            may=May.ADMINISTER,
            given=ON_THE_REGISTER,
            says=_("closure withdrawn"),
        ),
    },
)

BROUGHT_MEMBERSHIP = Moves(
    policies.BROUGHT_MEMBERSHIPS,
    {
        "bring": Move(
            start=(NEW,),
            end=Membership.Status.ACTIVE,
            may=May.ADMINISTER,
            given=ON_THE_REGISTER,
            says=_("came over with a merged entry"),
        ),
    },
)

BROUGHT_CHECK = Moves(
    policies.BROUGHT_CHECKS,
    {
        "bring": Move(
            start=(NEW,),
            end=OrganisationalCheck.Status.RECORDED,
            may=May.ADMINISTER,
            says=_("came over with a merged entry"),
        ),
    },
)
