"""Requests as their requesters, and those who keep oversight at their agency, find them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from requests_app import selectors as shared
from requests_app.clocks.calendar import Clock
from requests_app.clocks.selectors import clock_of, with_clocks
from requests_app.clocks.words import tell_time
from requests_app.models import (
    AgencyCheck,
    Clarification,
    InformationRequest,
    Recipient,
    Release,
)
from requests_app.policies import AGENCY_CHECKS, RECIPIENTS, RELEASES
from requests_app.readiness import Part, parts_of
from requests_app.whole import LATEST, PARTS, events, names_of
from workflow.compiled import Compiled, ForActor, Selector, rows_for
from workflow.paging import Page, moment, page_from, window
from workflow.together import Together
from workflow.transitions import TransitionRefused

Status = InformationRequest.Status
NEWEST: Mapping[str, Callable[[str], Any]] = {"started_at": moment, "pk": UUID}
COLOURS = {
    Status.DRAFT: "grey",
    Status.SENT: "blue",
    Status.RETURNED: "yellow",
    Status.ACCEPTED: "teal",
    Status.DECLINED: "red",
    Status.RELEASED: "green",
    Status.DISCARDED: "grey",
}


WAITING = ("returned", "released", "drafts")


def tag_of(status: str) -> dict[str, Any]:
    """A state as a tag: its words and its colour."""
    return {"text": Status(status).label, "colour": COLOURS[Status(status)]}


def front_door() -> Agency:
    """The agency to which requests go."""
    for agency in _FRONT_DOORS():
        found: Agency = agency
        return found
    raise TransitionRefused(_("The register of agencies has no front door to send a request to."))


_FRONT_DOORS = Compiled(lambda: Agency.objects.filter(is_front_door=True).order_by("name")[:1])


def waiting_for(actor: Actor, only: str = "") -> list[dict[str, Any]]:
    """What waits for this person: returned requests, then what was released, then drafts.

    ``only`` is one of these three, as the start page counts them.
    """
    mine, unread = rows_for(actor, _with_them), rows_for(actor, _told)
    prefetch_case_keys({row.pk for row in mine} | {row.case_id for row in unread})
    back = [row for row in mine if row.status == Status.RETURNED]
    drafts = [row for row in mine if row.status == Status.DRAFT]
    waiting = {
        "returned": [_waiting(row, _("Answer the questions and send it again")) for row in back],
        "released": [_unread(row) for row in unread],
        "drafts": [_waiting(row, _("Complete it and send it")) for row in drafts],
    }
    if only in WAITING:
        return waiting[only]
    return [row for rows in waiting.values() for row in rows]


def _with_them(actor: Actor) -> Any:
    return shared.mine(actor).filter(status__in=InformationRequest.WITH_REQUESTER)


def _told(actor: Actor) -> Any:
    rows = RECIPIENTS.scope(actor, Permission.SEND_REQUEST).filter(status=Recipient.Status.TOLD)
    shown = rows.select_related("case").only("release_id", "case__reference")
    children = Prefetch("case__subjects", shared.CHILDREN)
    return shown.prefetch_related(children).order_by("release__released_at")


def _waiting(case: InformationRequest, what: str) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "initials": shared.initials_of(case.subjects.all()),
        "tag": tag_of(case.status),
        "what": what,
        "href": reverse("requests:case", args=[case.pk]),
    }


def _unread(recipient: Recipient) -> dict[str, Any]:
    return {
        "reference": recipient.case.reference,
        "initials": shared.initials_of(recipient.case.subjects.all()),
        "tag": tag_of(Status.RELEASED),
        "what": _("Read what was released to you, and acknowledge it"),
        "href": reverse("requests:released", args=[recipient.release_id]),
    }


def others_of(actor: Actor, after: str = "") -> Page:
    """A person's requests that are with the front door, or finished; newest first."""
    return _page(actor, _sent, after)


def of_the_agency(actor: Actor, after: str = "") -> Page:
    """Everything that the agency has asked, newest first (ISA-5.1)."""
    return _page(actor, shared.of_the_agency, after)


def _sent(actor: Actor) -> Any:
    return shared.mine(actor).exclude(status__in=InformationRequest.WITH_REQUESTER)


_WINDOW = ForActor(
    lambda actor, selector, **place: window(selector(actor), NEWEST, place, newest_first=True)
)


def _page(actor: Actor, selector: Selector, after: str) -> Page:
    page = page_from(partial(_WINDOW, actor, selector), NEWEST, after)
    prefetch_case_keys({row.pk for row in page.rows})
    for row in page.rows:
        row.initials = shared.initials_of(row.subjects.all())
        row.tag = tag_of(row.status)
    return page


def open_checks(actor: Actor) -> list[Any]:
    """The checks that the agency has still to answer, least time left first."""
    return [tell_time(row) for row in with_clocks(rows_for(actor, _open_checks))]


def _open_checks(actor: Actor) -> Any:
    rows = AGENCY_CHECKS.scope(actor, Permission.OVERSEE).filter(status__in=AgencyCheck.OPEN)
    return shared.in_a_list(rows).order_by("due_at", "pk")


def clock_of_open(case: InformationRequest) -> Clock | None:
    """The clock of a request that is not finished."""
    if case.status in (Status.SENT, Status.RETURNED, Status.ACCEPTED):
        return clock_of(case)
    return None


# What the requester's side may know of a request's way, in words; the agencies that were asked
# are not among it.
WENT = {
    "informationrequest.start": gettext_lazy("Request started"),
    "informationrequest.send": gettext_lazy("Request sent"),
    "informationrequest.return": gettext_lazy("Returned with questions"),
    "informationrequest.take_back": gettext_lazy("Taken back by the front door"),
    "informationrequest.accept": gettext_lazy("Request accepted"),
    "informationrequest.decline": gettext_lazy("Request declined"),
    "informationrequest.rate": gettext_lazy("Rating changed"),
    "informationrequest.release": gettext_lazy("Information released"),
    "informationrequest.discard": gettext_lazy("Draft discarded"),
    "opening.open": gettext_lazy("Opened by somebody not involved, for another reason"),
    "recipient.acknowledge": gettext_lazy("Receipt of the information acknowledged"),
}


IS_TOLD = Q(move__in=WENT)
WHOLE = Together(
    **PARTS,
    latest=events(IS_TOLD),
    printed=events(IS_TOLD, most=None),
    packages=lambda actor, case: (
        RELEASES.scope(actor, Permission.SEND_REQUEST).filter(case=case).order_by("released_at")
    ),
)
SAID = tuple(PARTS)


def timeline_of(events: list[Any]) -> list[dict[str, Any]]:
    """What happened to a request, when, and by which agency; in the order of these events."""
    by_id = names_of(events, "agencies")
    return [
        {"title": WENT[event.move], "by": str(by_id.get(event.agency, "")), "when": event.at}
        for event in events
    ]


def everything_of(case: InformationRequest) -> list[dict[str, Any]]:
    """The same of all that ever happened to it, for a print."""
    return timeline_of(WHOLE("printed", case=case.pk, before=LATEST)["printed"])


def packages_of(case: InformationRequest, actor: Actor) -> list[Release]:
    """What was released of a request to this very person."""
    return WHOLE("packages", actor=actor, case=case.pk)["packages"]


def questions_of(case: InformationRequest) -> list[Clarification]:
    """The front door's questions, those that wait for an answer first."""
    asked = Clarification.Status.ASKED
    return sorted(case.clarifications.all(), key=lambda row: (row.status != asked, row.asked_at))


def tasks_of(case: InformationRequest) -> list[dict[str, Any]]:
    """The parts of a request as a list of tasks."""
    return [_task(case, part) for part in parts_of(case)]


def _task(case: InformationRequest, part: Part) -> dict[str, Any]:
    status, colour = _("Completed"), ""
    if not part.done:
        status, colour = (
            (_("Optional"), "grey") if part.optional else (_("Not yet started"), "blue")
        )
    task = {"title": part.title, "status": status, "colour": colour}
    if part.code == "rating" and not case.is_rated_by_requester:
        return task | {"hint": _("The front door rates it now.")}
    return task | {"href": reverse(f"requests:{part.code}", args=[case.pk])}


def missing_of(case: InformationRequest) -> list[dict[str, Any]]:
    """The parts that must be there and are not, each with where to fill it in."""
    return [
        {"title": part.title, "href": reverse(f"requests:{part.code}", args=[case.pk])}
        for part in parts_of(case)
        if not (part.done or part.optional)
    ]
