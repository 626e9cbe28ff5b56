"""The life of a list of disposals, and of each on it."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from retention import policies
from retention.choices import CLOSED
from retention.models import (
    Disposal,
    DisposalList,
)
from workflow.transitions import NEW, Transition, Transitions

LIST = Transitions(
    "disposallist",
    policies.LISTS,
    {
        "list": Transition(
            start=(NEW,),
            end=DisposalList.Status.LISTED,
            permissions=(Permission.TRIAGE,),
            label=_("listed for disposal"),
            notifies=("disposal.listed",),
        ),
        "approve": Transition(
            start=(DisposalList.Status.LISTED,),
            end=DisposalList.Status.APPROVED,
            permissions=(Permission.WATCH,),
            apart_from="listed_by",
            label=_("disposal approved"),
            notifies=("disposal.approved",),
        ),
        "refuse": Transition(
            start=(DisposalList.Status.LISTED,),
            end=DisposalList.Status.REFUSED,
            permissions=(Permission.WATCH,),
            apart_from="listed_by",
            label=_("disposal refused"),
        ),
        "cancel": Transition(
            start=DisposalList.OPEN,
            end=DisposalList.Status.CANCELLED,
            permissions=(Permission.TRIAGE,),
            label=_("disposal cancelled"),
        ),
    },
)


DISPOSAL = Transitions(
    "disposal",
    policies.DISPOSALS,
    {
        "list": Transition(
            start=(NEW,),
            end=Disposal.Status.LISTED,
            permissions=(Permission.TRIAGE,),
            requires={"case": CLOSED},
            label=_("listed for disposal"),
        ),
        "keep": Transition(
            start=(Disposal.Status.LISTED,),
            end=Disposal.Status.KEPT,
            permissions=(Permission.TRIAGE,),
            label=_("taken off the list of disposals"),
        ),
    },
)
