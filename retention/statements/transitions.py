"""The life of what an agency states of its own copies."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from retention import policies
from retention.models import (
    DisposalStatement,
)
from workflow.transitions import Transition, Transitions

STATEMENT = Transitions(
    "disposalstatement",
    policies.STATEMENTS,
    {
        "dispose": Transition(
            start=(DisposalStatement.Status.ASKED, DisposalStatement.Status.KEPT),
            end=DisposalStatement.Status.DISPOSED,
            permissions=(Permission.OVERSEE,),
            label=_("said to be disposed of"),
        ),
        "keep": Transition(
            start=(DisposalStatement.Status.ASKED, DisposalStatement.Status.KEPT),
            end=DisposalStatement.Status.KEPT,
            permissions=(Permission.OVERSEE,),
            label=_("said to be kept"),
        ),
    },
)
