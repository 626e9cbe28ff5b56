"""The lives of a release, of what is in it, and of those to whom it goes."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.agency_checks.transitions import AT_WORK
from requests_app.models import Recipient, Release, ReleasedAnswer, ReleasedItem
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

RELEASE = Transitions(
    "release",
    policies.RELEASES,
    {
        "make": Transition(
            start=(NEW,),
            end=Release.Status.RELEASED,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("information released"),
        ),
    },
)

RELEASED_ITEM = Transitions(
    "releaseditem",
    policies.RELEASED_ITEMS,
    {
        "put_in": Transition(
            start=(NEW,),
            end=ReleasedItem.Status.RELEASED,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("put into the package"),
        ),
    },
)

RELEASED_ANSWER = Transitions(
    "releasedanswer",
    policies.RELEASED_ANSWERS,
    {
        "put_in": Transition(
            start=(NEW,),
            end=ReleasedAnswer.Status.RELEASED,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("put into the package"),
        ),
    },
)

RECIPIENT = Transitions(
    "recipient",
    policies.RECIPIENTS,
    {
        "name": Transition(
            start=(NEW,),
            end=Recipient.Status.TOLD,
            permissions=(Permission.TRIAGE,),
            requires=AT_WORK,
            label=_("named as a recipient"),
            notifies=("release.made",),
        ),
        "acknowledge": Transition(
            start=(Recipient.Status.TOLD,),
            end=Recipient.Status.ACKNOWLEDGED,
            permissions=(Permission.SEND_REQUEST,),
            label=_("receipt acknowledged"),
        ),
    },
)
