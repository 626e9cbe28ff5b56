"""What a decision is made of, as its pages ask for it: all that one shows in one statement."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from decisions.models import AdviceRequest, Answer, Decision, DecisionItem, Point, Scrutiny
from requests_app.agency_checks import selectors as of_checks
from requests_app.models import AgencyCheck, Item
from requests_app.selectors import DUE_ANEW
from workflow.prepared import Query
from workflow.related import hang, hung
from workflow.rows import children_of
from workflow.together import Rows, Together


def due_anew(**which: Any) -> QuerySet[Decision]:
    """Those that the partners asked to reconsider and nobody has begun to."""
    rows = Decision.objects.filter(**DUE_ANEW, **which)
    return rows.exclude(agency_check__status=AgencyCheck.Status.WITHDRAWN)


# All that a page shows of a decision beside its own row, of which others ask some.
PARTS: dict[str, Query] = {
    "answers": lambda decision: Answer.objects.filter(decision=decision),
    "points": lambda decision: Point.objects.filter(decision=decision),
    "advice": lambda decision: AdviceRequest.objects.filter(decision=decision),
    "weighed": lambda decision: DecisionItem.objects.filter(decision=decision).select_related(
        "item__question"
    ),
}
_WHOLE = Together(
    **PARTS,
    **of_checks.PARTS,
    scrutiny=lambda decision: Scrutiny.objects.filter(decision=decision).select_related("partner"),
    superseded_by=lambda decision: Decision.objects.filter(supersedes=decision),
    is_due_anew=lambda decision: due_anew(pk=decision).values_list("pk", flat=True),
    held=lambda agency_check: Item.objects.filter(
        agency_check=agency_check, status=Item.Status.HELD
    ).values_list("pk", flat=True),
    not_weighed=lambda agency_check, decision: (
        Item.objects.filter(agency_check=agency_check, status=Item.Status.HELD)
        .exclude(weighed__decision=decision)
        .values_list("pk", flat=True)
    ),
    due_of_check=lambda agency_check: due_anew(agency_check=agency_check).values_list(
        "pk", flat=True
    ),
    on_the_list=lambda agency_check: (
        Item.objects.filter(agency_check=agency_check)
        .exclude(status=Item.Status.DROPPED)
        .values_list("question", flat=True)
    ),
)
RECORD = tuple(PARTS)
RECORDED_PAGE = (*RECORD, "subjects", "scrutiny", "superseded_by", "is_due_anew", "held")
OPEN_PAGE = (*RECORD, "subjects", "pauses")
LAST_PAGE = (*RECORD, "subjects", "questions", "not_weighed", "due_of_check", "on_the_list")


def read(decision: Decision, *names: str) -> Rows:
    """What a page shows of a decision and its check, in one statement; kept on them as well.

    Do not pass the decision to an action afterwards: what was read would be taken for what is in
    the database.
    """
    check = decision.agency_check
    found = of_checks.read(check, *names, whole=_WHOLE, decision=decision.pk)
    for name in PARTS.keys() & found.keys():
        hang([decision], name, found[name])
    return found


def part_of(decision: Decision, name: str) -> list[Any]:
    """One of the ``PARTS``, as it was read with the others or by itself."""
    found = hung(decision, name)
    return _WHOLE(name, decision=decision.pk)[name] if found is None else found


def items_of(decision: Decision) -> list[Item]:
    """The items on which it bears, without what was taken off the list in the meantime."""
    items = [each.item for each in part_of(decision, "weighed")]
    listed = (item for item in items if item.status != Item.Status.DROPPED)
    return sorted(listed, key=lambda each: (each.listed_at, str(each.pk)))


# What an action that goes by all of it reads with the row that it locks.
WITH_ITS_PARTS = children_of(
    Decision,
    "answers",
    "points",
    Prefetch("weighed", DecisionItem.objects.select_related("item__question")),
)
