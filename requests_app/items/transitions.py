"""The life of a piece of information, and what the front door says to it."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.agency_checks.transitions import BEING_ANSWERED
from requests_app.models import Item, Receipt
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

ITEM = Transitions(
    "item",
    policies.ITEMS,
    {
        "list": Transition(
            start=(NEW,),
            end=Item.Status.HELD,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("listed"),
        ),
        "change": Transition(
            start=(Item.Status.HELD,),
            end=Item.Status.HELD,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("changed"),
        ),
        "drop": Transition(
            start=(Item.Status.HELD,),
            end=Item.Status.DROPPED,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("removed from the list"),
        ),
        "offer": Transition(
            start=(Item.Status.HELD,),
            end=Item.Status.OFFERED,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("shared with the front door"),
        ),
        "withhold": Transition(
            start=(Item.Status.HELD,),
            end=Item.Status.WITHHELD,
            permissions=(Permission.ANSWER,),
            requires=BEING_ANSWERED,
            label=_("not shared"),
        ),
    },
)

RECEIPT = Transitions(
    "receipt",
    policies.RECEIPTS,
    {
        "accept": Transition(
            start=(NEW,),
            end=Receipt.Status.ACCEPTED,
            permissions=(Permission.TRIAGE,),
            requires={"item": (Item.Status.OFFERED,)},
            label=_("information accepted"),
        ),
        "refuse": Transition(
            start=(NEW,),
            end=Receipt.Status.REFUSED,
            permissions=(Permission.TRIAGE,),
            requires={"item": (Item.Status.OFFERED,)},
            label=_("information refused"),
            notifies=("receipt.refused",),
        ),
    },
)
