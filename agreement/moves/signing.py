"""How an agency comes to take part, and stops; the register keeps the rest of its life."""

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.permissions import May
from agreement import policies
from agreement.models import AgreementEdition, Signature, Suspension
from workflow.moves import NEW, SAME, Move, Moves

Status = Agency.Status

PARTICIPATION = Moves(
    policies.TAKING_PART,
    {
        "sign": Move(
            start=(Status.LISTED, Status.TAKING_PART),
            end=Status.TAKING_PART,
            may=May.SIGN,
            says=_("agency takes part"),
        ),
        "must_sign_anew": Move(
            start=(Status.TAKING_PART, Status.SUSPENDED),
            end=SAME,
            may=May.AGREE,
            says=_("agency has to sign the new edition"),
            tells=("agency.sign_anew",),
        ),
        "suspend": Move(
            start=(Status.TAKING_PART,),
            end=Status.SUSPENDED,
            may=May.ADMINISTER,
            says=_("agency suspended"),
            tells=("agency.suspended",),
        ),
        "lift": Move(
            start=(Status.SUSPENDED,),
            end=Status.TAKING_PART,
            may=May.ADMINISTER,
            says=_("suspension lifted"),
            tells=("agency.lifted",),
        ),
    },
)

SIGNATURE = Moves(
    policies.SIGNATURES,
    {
        "sign": Move(
            start=(NEW,),
            end=Signature.Status.SIGNED,
            may=May.SIGN,
            given={"edition": (AgreementEdition.Status.IN_FORCE,)},
            says=_("agreement signed"),
            tells=("agreement.signed",),
        ),
    },
)

SUSPENSION = Moves(
    policies.SUSPENSIONS,
    {
        "begin": Move(
            start=(NEW,),
            end=Suspension.Status.RUNNING,
            may=May.ADMINISTER,
            given={"agency": (Status.SUSPENDED,)},
            says=_("suspended"),
        ),
        "end": Move(
            start=(Suspension.Status.RUNNING,),
            end=Suspension.Status.LIFTED,
            may=May.ADMINISTER,
            given={"agency": (Status.TAKING_PART,)},
            says=_("lifted"),
        ),
    },
)
