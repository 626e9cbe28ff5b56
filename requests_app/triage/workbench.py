"""The page of a request at the front door: its sections, and what stands in view above them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.matching.selectors import matches_of
from requests_app.models import AgencyCheck, InformationRequest
from requests_app.transitions import REQUEST
from requests_app.triage import next_act, selectors
from requests_app.triage.drawn import drawn
from requests_app.triage.owning import who_has_it
from requests_app.triage.timeline import timeline
from requests_app.whole import newest_of
from workflow.gateway import reached_by

MATCHES = 3  # shown with a request; a page of their own has more
NAMED = 3  # children in the heading; the others are in the section of the people
WHAT_CAN_BE_DONE = ("accept", "return", "take_back", "decline", "rate", "release", "claim")


@dataclass(frozen=True)
class Section:
    """A part of the page that can be jumped to; one with nothing in it is not there."""

    code: str
    title: str
    count: int | str | None = None

    @property
    def is_there(self) -> bool:
        """Whether the page has it."""
        return self.count != 0


def page_of(case: InformationRequest, actor: Actor, before: int) -> dict[str, Any]:
    """All that the page shows: read in one statement, with the matches in those of their own."""
    found = selectors.read(case, *selectors.PAGE, before=before)
    said = selectors.what_was_said(case, found)
    put = selectors.checks_put(case, said["people"], found)
    next_act.hang_waits(put, found["spocs"], found["closures"])
    events, earlier = newest_of(found["latest"])
    is_open = case.status in (*case.WITH_REQUESTER, case.Status.SENT, case.Status.ACCEPTED)
    may = partial(REQUEST.can, thing=case, by=actor, reached_by=reached_by(case))
    shown = {
        "case": case,
        "said": said,
        "clock": selectors.clock_for(case),
        "checks": selectors.checks_of(case, found),
        "put": put,
        "drawn": drawn(case, said["people"], put, found, actor),
        "answered": [check for check in put if check.status == AgencyCheck.Status.ANSWERED],
        "who": who_has_it(case),
        "is_mine": case.owner_id == actor.user.pk,
        "matches": matches_of(case, actor, found["people"], MATCHES) if is_open else None,
        "ready": selectors.what_can_be_released(put),
        "releases": selectors.releases_of(case, found),
        "spoc": next((one for one in found["spocs"] if one.agency_id == case.agency_id), None),
        "timeline": timeline(events, found),
        "earlier": earlier,
        "can": {name: may(name) for name in WHAT_CAN_BE_DONE},
    }
    return shown | _in_view(shown) | {"sections": _sections(shown)}


def _in_view(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the identity bar says beside the request itself."""
    case, can, put, spoc = shown["case"], shown["can"], shown["put"], shown["spoc"]
    phone = case.agency.phone or (spoc.phone if spoc else "")
    due = next_act.due_now(case, can, shown["checks"], put)
    children = [person for person in shown["said"]["people"] if person.is_child]
    return {
        "children": children[:NAMED],
        "more_children": len(children[NAMED:]),
        "due": due,
        "more": next_act.also_possible(case, can, due, is_mine=shown["is_mine"]),
        "waits": next_act.waited_for(case, put, shown["releases"], phone),
    }


def _sections(shown: Mapping[str, Any]) -> list[Section]:
    """In the order of the page, each with how many are in it."""
    said = shown["said"]
    return [
        Section("overview", _("Overview")),
        Section("people", _("People"), len(said["people"])),
        Section("consent", _("Consent and telling")),
        Section("triage", _("Checks at triage"), shown["checks"].answered),
        Section("checks", _("Agency checks"), len(shown["put"])),
        Section("answers", _("Answers"), len(shown["answered"])),
        Section("released", _("Released"), len(shown["releases"])),
        Section("files", _("Files"), len(said["files"])),
        Section("questions", _("Questions to the requester"), len(said["questions"])),
        Section("what-happened", _("What happened")),
    ]
