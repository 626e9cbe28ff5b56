"""Whom a page is about: the child's name, for those who may read it, in the page's heading."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from requests_app.choices import PersonRole
from requests_app.models import AgencyCheck, InformationRequest, Subject
from requests_app.selectors import initials_of
from requests_app.whole import part_of


def children_of(case: InformationRequest) -> str:
    """The children of a request, for whoever reads the request itself."""
    return _joined(child.name for child in _children(case))


def children_shown(agency_check: AgencyCheck) -> str:
    """The children whose names were ticked for the agency that is asked; nobody else's.

    Of a check that was withdrawn it needs none.
    """
    ticked = {pk for pk, details in agency_check.shown.items() if "name" in details}
    if agency_check.is_withdrawn:
        return ""
    if not ticked:
        return ""
    return _joined(child.name for child in _children(agency_check.case) if str(child.pk) in ticked)


def children_among(people: Iterable[Any]) -> str:
    """The children among people as a page shows them (``Person`` and ``Shown``)."""
    return _joined(person.name for person in people if person.is_child and person.name)


def children_released(people: Iterable[Any], *, by_name: bool) -> str:
    """The children among the people of a package: by name for the requester, or by initials."""
    children = [each for each in people if each.role == PersonRole.CHILD]
    return _joined(child.name for child in children) if by_name else initials_of(children)


def _children(case: InformationRequest) -> Iterable[Subject]:
    people = sorted(part_of(case, "subjects"), key=attrgetter("pk"))
    return [person for person in people if person.role == PersonRole.CHILD]


def _joined(names: Iterable[str]) -> str:
    return ", ".join(names)
