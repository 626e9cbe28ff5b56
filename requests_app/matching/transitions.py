"""What the front door says of a possible match, and takes back."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from requests_app import policies
from requests_app.models import InformationRequest, MatchVerdict
from workflow.transition import Transition
from workflow.transitions import NEW, Transitions

RequestStatus = InformationRequest.Status
Status = MatchVerdict.Status
EVER_SENT = (
    RequestStatus.SENT,
    RequestStatus.RETURNED,
    RequestStatus.ACCEPTED,
    RequestStatus.DECLINED,
    RequestStatus.RELEASED,
)

MATCH_VERDICT = Transitions(
    "matchverdict",
    policies.MATCH_VERDICTS,
    {
        "link": Transition(
            start=(NEW, Status.UNDONE),
            end=Status.LINKED,
            permissions=(Permission.TRIAGE,),
            requires={"case": EVER_SENT},
            label=_("linked with another request: the same person"),
        ),
        "tell_apart": Transition(
            start=(NEW, Status.UNDONE),
            end=Status.APART,
            permissions=(Permission.TRIAGE,),
            requires={"case": EVER_SENT},
            label=_("possible match turned down: not the same person"),
        ),
        "undo": Transition(
            start=(Status.LINKED, Status.APART),
            end=Status.UNDONE,
            permissions=(Permission.TRIAGE,),
            requires={"case": EVER_SENT},
            label=_("what was said of a possible match undone"),
        ),
    },
)
