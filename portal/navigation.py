"""The way around: what each person can go to, by what they may do."""

from typing import TypedDict

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from requests_app.policies import AGENCY_CHECKS
from workflow.compiled import ForActor


class Way(TypedDict):
    """One entry of the navigation bar."""

    text: str
    href: str
    active: bool


WAYS = (
    (Permission.TRIAGE, "requests:inbox", _("Desk")),
    (Permission.TRIAGE, "requests:find", _("Find a child")),
    (Permission.ANSWER, "requests:checks", _("Agency checks")),
    (Permission.SEND_REQUEST, "requests:mine", _("My requests")),
    (Permission.OVERSEE, "decisions:oversight", _("My agency")),
    (Permission.OVERSEE, "requests:hub", _("Front door today")),
    (Permission.ADVISE, "decisions:advice_list", _("Advice")),
    (Permission.SCRUTINISE, "decisions:scrutinies", _("Scrutiny")),
    (Permission.BREAK_GLASS, "requests:openings", _("Opened cases")),
    (Permission.REVIEW_OPENINGS, "requests:openings_oversight", _("Openings")),
    (Permission.REVIEW_OPENINGS, "decisions:seen", _("Viewed by one person")),
    (Permission.TRIAGE, "retention:lists", _("Disposal")),
    (Permission.REVIEW_OPENINGS, "retention:lists", _("Disposal")),
    (Permission.OVERSEE, "retention:statements", _("Statements of disposal")),
    (Permission.MANAGE_PEOPLE, "agencies:people", _("People")),
    (Permission.ADMINISTER, "agencies:register", _("Register")),
    (Permission.ADMINISTER, "agencies:people_agencies", _("People by agency")),
    (Permission.ADMINISTER, "retention:schedules", _("Retention schedules")),
    (Permission.ADMINISTER, "status", _("Status")),
)

OF_THE_FRONT_DOOR = ("requests:hub", "retention:lists")  # it disposes of records too
LOOKS_UP = (Agency.Status.TAKING_PART, Agency.Status.SUSPENDED)
FOR_ALL = (
    ("agreement:overview", _("The agreement")),
    ("agencies:calls", _("Who to call")),
)


def navigation(actor: Actor, path: str) -> list[Way]:
    """The pages that wait for this person, for the agency acted for."""
    ways: list[Way] = []
    for permission, name, text in WAYS:
        if permission in actor.permissions or (
            permission == Permission.ANSWER and _was_handed_a_check(actor)
        ):
            href = reverse(name)
            if any(way["href"] == href for way in ways) or not _is_for(actor, name):
                continue  # another permission leads there too
            ways.append({"text": str(text), "href": href, "active": path.startswith(href)})
    for name, text in FOR_ALL:
        if name == "agencies:calls" and actor.agency.status not in LOOKS_UP:
            continue  # who to call is for agencies that have signed
        href = reverse(name)
        ways.append({"text": str(text), "href": href, "active": path.startswith(href)})
    return ways


def _is_for(actor: Actor, name: str) -> bool:
    """Some are of the front door alone, which others with that permission are not at."""
    return name not in OF_THE_FRONT_DOOR or actor.agency.is_front_door


def _was_handed_a_check(actor: Actor) -> bool:
    """Whether a colleague gave this person a part in a check, which needs no role (ISA-7.2)."""
    return bool(HANDED(actor))


HANDED = ForActor(
    lambda actor: AGENCY_CHECKS.scope(actor, Permission.ANSWER).order_by().values_list("pk")[:1]
)
