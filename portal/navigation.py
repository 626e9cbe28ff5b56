"""The way around: what each person can go to, by what they may do."""

from typing import TypedDict

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import May
from requests_app.policies import ENQUIRIES


class Way(TypedDict):
    """One entry of the navigation bar."""

    text: str
    href: str
    active: bool


WAYS = (
    (May.TRIAGE, "requests:inbox", _("Requests to triage")),
    (May.ANSWER, "requests:checks", _("Agency checks")),
    (May.SEND_REQUEST, "requests:mine", _("My requests")),
    (May.OVERSEE, "decisions:oversight", _("My agency")),
    (May.ADVISE, "decisions:advice_list", _("Advice")),
    (May.SCRUTINISE, "decisions:scrutinies", _("Scrutiny")),
    (May.OPEN_OTHERWISE, "requests:openings", _("Opened cases")),
    (May.WATCH, "requests:watch", _("Openings")),
    (May.WATCH, "decisions:seen", _("Seen by one person")),
    (May.TRIAGE, "retention:lists", _("Disposal")),
    (May.WATCH, "retention:lists", _("Disposal")),
    (May.OVERSEE, "retention:statements", _("Statements of disposal")),
    (May.MANAGE_PEOPLE, "agencies:people", _("People")),
    (May.ADMINISTER, "agencies:register", _("Register")),
    (May.ADMINISTER, "agencies:people_agencies", _("People by agency")),
    (May.ADMINISTER, "retention:schedules", _("Retention schedules")),
    (May.ADMINISTER, "status", _("Status")),
)

LOOKS_UP = (Agency.Status.TAKING_PART, Agency.Status.SUSPENDED)
FOR_ALL = (
    ("agreement:overview", _("The agreement")),
    ("agencies:calls", _("Who to call")),
)


def navigation(actor: Actor, path: str) -> list[Way]:
    """The pages that wait for this person, for the agency acted for."""
    ways: list[Way] = []
    for may, name, text in WAYS:
        if may in actor.may or (may == May.ANSWER and _was_handed_a_check(actor)):
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
    """Records are disposed of by the front door; those who watch elsewhere have no list."""
    return name != "retention:lists" or actor.agency.is_front_door


def _was_handed_a_check(actor: Actor) -> bool:
    """Whether a colleague gave this person a part in a check, which needs no role (ISA-7.2)."""
    return ENQUIRIES.scope(actor, May.ANSWER).exists()
