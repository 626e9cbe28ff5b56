"""Who has looked at the requests in which one child appears (ISA-7.2).

Requests are never joined by person: these are the one from which it is asked, and the open ones
that the person reaches and in which somebody has the same number, or the same name and birth.
"""

from typing import Any

from django.db.models import QuerySet

from agencies.acting import Actor
from audit.seen import looks_at_any
from encryption.errors import KeyDestroyed
from requests_app.lists.looks import BY_NUMBER, Narrowed, named, narrowed
from requests_app.lists.matching import candidates
from requests_app.matching import SAME_BIRTH, SAME_NAME
from requests_app.models import InformationRequest, Subject
from requests_app.vocabulary import PersonRole
from workflow.paging import Page, page_of

SURE = SAME_NAME + SAME_BIRTH


def requests_of(child: Subject, actor: Actor) -> list[InformationRequest]:
    """The request in which the child was named, and the others in which it surely appears."""
    try:
        suggested = candidates(child.case, actor)
    except KeyDestroyed:  # who looked at what was disposed of is still told
        suggested = []
    found = {
        each.case.pk: each.case
        for each in suggested
        if each.mine.pk == child.pk and each.likeness.score >= SURE
    }
    return [child.case, *found.values()]


def looks_at_child(cases: list[InformationRequest]) -> QuerySet[Any]:
    """All looks at anything of these requests."""
    return looks_at_any(case.pk for case in cases)


def page_of_child(
    cases: list[InformationRequest], looks: QuerySet[Any], wanted: Narrowed, after: str = ""
) -> Page:
    """Those of the looks that are wanted, the latest first, each with the request it was at."""
    page = named(page_of(narrowed(looks, wanted), BY_NUMBER, after, newest_first=True), {})
    references: dict[Any, str] = {case.pk: case.reference for case in cases}
    for row in page.rows:
        row.detail = references[row.case_id]
    return page


def children_of(case: InformationRequest) -> list[Subject]:
    """The children of a request, from whom one goes on."""
    rows = case.subjects.filter(role=PersonRole.CHILD, status=Subject.Status.CURRENT)
    return list(rows)
