"""The life of a yearly review of the edition in force (ISA-5.2)."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from agreement import policies
from agreement.models import AgreementEdition, YearlyReview
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

REVIEW = Transitions(
    "yearlyreview",
    policies.REVIEWS,
    {
        "record": Transition(
            start=(NEW,),
            end=YearlyReview.Status.RECORDED,
            permissions=(Permission.AGREE,),
            requires={"edition": (AgreementEdition.Status.IN_FORCE,)},
            label=_("yearly review recorded"),
        ),
        "note": Transition(
            start=(NEW,),
            end=YearlyReview.Status.RECORDED,
            permissions=(Permission.ADMINISTER,),
            requires={"edition": (AgreementEdition.Status.IN_FORCE,)},
            label=_("yearly review recorded by the office"),
        ),
    },
)
