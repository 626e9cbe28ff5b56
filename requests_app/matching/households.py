"""Who else is in the requests that a page of matches names: brothers, sisters, who lives there."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from agencies.permissions import Permission
from requests_app.choices import PersonRole
from requests_app.models import InformationRequest, Subject
from requests_app.policies import SUBJECTS
from workflow.compiled import ForActor

PEOPLE = 200  # of all these requests


@dataclass(frozen=True)
class Household:
    """Another request in which somebody lives at an address of this one, with them first."""

    case: InformationRequest
    people: list[Subject]


def others_in(
    cases: Iterable[InformationRequest], named: Collection[UUID], actor: Any
) -> dict[UUID, list[Subject]]:
    """Everybody in these requests but those who are named anyway, children first, by request."""
    pks = sorted({case.pk for case in cases})
    found: dict[UUID, list[Subject]] = defaultdict(list)
    for person in PEOPLE_IN(actor, cases=pks) if pks else []:
        if person.pk not in named:
            found[person.case_id].append(person)
    return {
        pk: sorted(people, key=lambda each: (each.role != PersonRole.CHILD, each.pk))
        for pk, people in found.items()
    }


def _people_in(actor: Any, cases: Any) -> QuerySet[Subject]:
    rows = SUBJECTS.scope(actor, Permission.TRIAGE).filter(case__pk__any_of=cases)
    return rows.filter(status=Subject.Status.CURRENT).order_by("pk")[:PEOPLE]


PEOPLE_IN = ForActor(_people_in)
