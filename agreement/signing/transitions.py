"""How an agency comes to take part, and stops; the register keeps the rest of its life."""

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.permissions import Permission
from agreement import policies
from agreement.models import AgreementEdition, Signature, Suspension
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

Status = Agency.Status

PARTICIPATION = Transitions(
    "agency",
    policies.TAKING_PART,
    {
        "sign": Transition(
            start=(Status.LISTED, Status.TAKING_PART),
            end=Status.TAKING_PART,
            permissions=(Permission.SIGN,),
            label=_("agency takes part"),
        ),
        "must_sign_anew": Transition(
            start=(Status.TAKING_PART, Status.SUSPENDED),
            end=SAME,
            permissions=(Permission.AGREE,),
            label=_("agency has to sign the new edition"),
            notifies=("agency.sign_anew",),
        ),
        "suspend": Transition(
            start=(Status.TAKING_PART,),
            end=Status.SUSPENDED,
            permissions=(Permission.ADMINISTER,),
            label=_("agency suspended"),
            notifies=("agency.suspended",),
        ),
        "lift": Transition(
            start=(Status.SUSPENDED,),
            end=Status.TAKING_PART,
            permissions=(Permission.ADMINISTER,),
            label=_("suspension lifted"),
            notifies=("agency.lifted",),
        ),
    },
)

SIGNATURE = Transitions(
    "signature",
    policies.SIGNATURES,
    {
        "sign": Transition(
            start=(NEW,),
            end=Signature.Status.SIGNED,
            permissions=(Permission.SIGN,),
            requires={"edition": (AgreementEdition.Status.IN_FORCE,)},
            label=_("agreement signed"),
            notifies=("agreement.signed",),
        ),
    },
)

SUSPENSION = Transitions(
    "suspension",
    policies.SUSPENSIONS,
    {
        "begin": Transition(
            start=(NEW,),
            end=Suspension.Status.RUNNING,
            permissions=(Permission.ADMINISTER,),
            requires={"agency": (Status.SUSPENDED,)},
            label=_("suspended"),
        ),
        "end": Transition(
            start=(Suspension.Status.RUNNING,),
            end=Suspension.Status.LIFTED,
            permissions=(Permission.ADMINISTER,),
            requires={"agency": (Status.TAKING_PART,)},
            label=_("lifted"),
        ),
    },
)
