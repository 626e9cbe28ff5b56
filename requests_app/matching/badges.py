"""What a list says of matches beside each request, in its own statement and without opening one."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from agencies.permissions import Permission
from encryption.tokens import FORENAME_AND_BIRTH, NHS, UPN
from requests_app.matching.selectors import BOTH_THERE
from requests_app.models import MatchToken, MatchVerdict, Subject
from requests_app.policies import REQUESTS

Verdict = MatchVerdict.Status
SURE = (NHS, UPN, FORENAME_AND_BIRTH)  # of few people, whoever has it


def has_link(case: str) -> Subquery:
    """For a list's own statement: something where somebody in the request is linked, or None."""
    linked = MatchVerdict.objects.filter(case=OuterRef(case), status=Verdict.LINKED, **BOTH_THERE)
    return Subquery(linked.values("pk")[:1])


def may_be_known(actor: Any, case: str) -> Exists:
    """For a list's own statement: whether somebody in the request may be in another one, too.

    ``case`` is the path from a row to its request. Tokens alone say it, so nothing is opened: the
    same number, or the same first name and date of birth. For each row of the list some tokens are
    looked up by an index, and each only until one is found. Of whom the front door has said
    something it says no more, as long as nothing of the two has changed.
    """
    judged = MatchVerdict.objects.filter(
        Q(status=Verdict.LINKED)
        | Q(
            status=Verdict.APART,
            mine_version=F("mine__version"),
            theirs_version=F("theirs__version"),
        ),
        mine=OuterRef(OuterRef("subject")),
        theirs=OuterRef("subject"),
    )
    # Values, and no conditions: the planner would make joins of them, and read the tables whole.
    theirs = (
        MatchToken.objects.annotate(judged=Subquery(judged.values("pk")[:1]))
        .filter(
            judged=None,
            token=OuterRef("token"),
            subject__status=Subject.Status.CURRENT,
            case__in=REQUESTS.scope(actor, Permission.TRIAGE).order_by().values("pk"),
        )
        .exclude(case=OuterRef("case"))
    )
    mine = MatchToken.objects.annotate(theirs=Subquery(theirs.values("pk")[:1]))
    return Exists(mine.filter(case=OuterRef(case), kind__in=SURE, theirs__isnull=False))
