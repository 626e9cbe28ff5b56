"""Whose request or agency check a page belongs to."""

from collections.abc import Iterable
from typing import Any

from django import template

from requests_app.models import AgencyCheck, InformationRequest
from requests_app.naming import children_among, children_of, children_shown

register = template.Library()
ABOUT = "components/about.html"


@register.simple_tag
def child_of(case: InformationRequest) -> str:
    """The child's name, for a page of the request that shows it."""
    return children_of(case)


@register.simple_tag
def child_among(people: Iterable[Any]) -> str:
    """The child's name, out of the people that the page shows already."""
    return children_among(people)


@register.simple_tag
def child_shown(agency_check: AgencyCheck) -> str:
    """The child's name, if the agency that is asked was given it."""
    return children_shown(agency_check)


@register.inclusion_tag(ABOUT)
def about_request(case: InformationRequest) -> dict[str, Any]:
    """The reference of a request and its child's name, above a heading."""
    return {"reference": case.reference, "name": children_of(case)}


@register.inclusion_tag(ABOUT)
def about_check(agency_check: AgencyCheck) -> dict[str, Any]:
    """The reference of an agency check and the child's name, above a heading."""
    return {"reference": agency_check.reference, "name": children_shown(agency_check)}
