"""The front door's inbox, and what it does with one request there (ISA-3.8)."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.clocks.due import due_times, hub_hours
from requests_app.clocks.words import stands
from requests_app.matching.selectors import matches_of
from requests_app.policies import REQUESTS
from requests_app.transitions import REQUEST
from requests_app.triage import actions, selectors
from requests_app.triage.drawn import drawn
from requests_app.triage.forms import ChecksForm, DeclineForm, FilterForm, RateForm, ReturnForm
from requests_app.triage.inbox import board, chosen_last, news
from requests_app.triage.owning import version_but_for_owners, who_has_it
from requests_app.triage.timeline import timeline
from requests_app.whole import before, newest_of
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404, reached_by, require_permission_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import InformationRequest

MATCHES = 3  # shown with a request; a page of their own has more
HERE = "same-origin"  # as browsers say where a request comes from
WHAT_CAN_BE_DONE = ("accept", "return", "take_back", "decline", "rate", "release", "claim")


@require_safe
def inbox(request: PortalRequest) -> HttpResponse:
    """The desk: what is to be done, the most urgent first, or what was last or else is asked for.

    What is chosen on the desk itself is kept; an address that is opened from elsewhere is not.
    """
    require_permission_or_404(request.actor, Permission.TRIAGE)
    if not request.GET and (kept := chosen_last(request.actor)):
        return redirect(reverse("requests:inbox") + kept)
    shown = board(request.actor, request.GET.dict())
    chosen_here = request.headers.get("Sec-Fetch-Site", HERE) == HERE
    if request.GET and shown.is_first and chosen_here and shown.address != shown.kept:
        actions.keep_choice(by=request.actor, query=shown.address)
    form = FilterForm(shown.asked, shown.agencies)
    return show(request, "requests_app/triage/inbox.html", {"board": shown, "filter": form})


@require_safe
def desk_news(request: PortalRequest) -> HttpResponse:
    """What a desk that stays open asks now and then; no use of the session (``quiet``)."""
    require_permission_or_404(request.actor, Permission.TRIAGE)
    said = request.GET.dict()
    return JsonResponse(news(request.actor, said.get("since", ""), said))


desk_news.quiet = True  # type: ignore[attr-defined]


def the_case(request: PortalRequest, pk: UUID) -> "InformationRequest":
    """The request, if it is at this front door; the look at it is noted."""
    related = ("agency", "desk", "requested_by", "owner")
    return fetch_or_404(REQUESTS, request.actor, Permission.TRIAGE, related=related, pk=pk)


def too_early_or_late(request: PortalRequest, case: "InformationRequest", name: str) -> bool:
    """Whether a page is opened whose transition cannot be made; what is sent, that refuses."""
    return request.method != "POST" and not REQUEST.can(name, case, by=request.actor)


@require_safe
def case(request: PortalRequest, pk: UUID) -> HttpResponse:
    """All of one request, and what can be done with it."""
    row = the_case(request, pk)
    found = selectors.read(row, *selectors.PAGE, before=before(request.GET.get("before", "")))
    said = selectors.what_was_said(row, found)
    put = selectors.checks_put(row, said["people"], found)
    events, earlier = newest_of(found["latest"])
    is_open = row.status in (*row.WITH_REQUESTER, row.Status.SENT, row.Status.ACCEPTED)
    may = partial(REQUEST.can, thing=row, by=request.actor, reached_by=reached_by(row))
    context = {
        "case": row,
        "said": said,
        "clock": selectors.clock_for(row),
        "checks": selectors.checks_of(row, found),
        "put": put,
        "who": who_has_it(row),
        "is_mine": row.owner_id == request.actor.user.pk,
        "matches": matches_of(row, request.actor, found["people"], MATCHES) if is_open else None,
        "ready": selectors.what_can_be_released(put),
        "drawn": drawn(row, said["people"], put, found, request.actor),
        "releases": selectors.releases_of(row, found),
        "timeline": timeline(events, found),
        "earlier": earlier,
        "can": {name: may(name) for name in WHAT_CAN_BE_DONE},
    }
    return show(request, "requests_app/triage/case.html", context)


@kept_page
def checks(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Each check of ISA-3.8, with its answer and note."""
    row = the_case(request, pk)
    if too_early_or_late(request, row, "accept"):
        return redirect("requests:triage_case", pk)
    now = selectors.checks_of(row)
    posted = request.POST if request.method == "POST" else None
    form = ChecksForm(
        posted,
        given=now.given,
        earlier=now.earlier,
        initial={"expected_version": now.expected_version},
    )
    if form.is_bound and form.is_valid():
        answers, expected_version = form.answers(), form.cleaned_data["expected_version"]
        actions.answer_checks(
            row, by=request.actor, answers=answers, expected_version=expected_version
        )
        messages.success(request, _("Your answers to the checks are saved."))
        return redirect("requests:triage_case", pk)
    context = {"case": row, "said": selectors.what_was_said(row)}
    return show_kept(request, "requests_app/triage/checks.html", context, form=form)


@require_POST
def accept(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Accept it; the action asks that every check is answered with yes."""
    actions.accept_request(the_case(request, pk), by=request.actor)
    messages.success(request, _("You accepted the request. Send an agency check next."))
    return redirect("requests:triage_case", pk)


@kept_page
def give_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Return it with questions."""
    row = the_case(request, pk)
    if too_early_or_late(request, row, "return"):
        return redirect("requests:triage_case", pk)
    form = ReturnForm(request.POST) if request.method == "POST" else ReturnForm()
    if form.is_bound and form.is_valid():
        idempotency_key, questions = form.cleaned_data["idempotency_key"], form.questions()
        actions.return_request(
            row, by=request.actor, idempotency_key=idempotency_key, questions=questions
        )
        said = _("You returned the request to %(agency)s with questions. %(clock)s")
        messages.success(request, said % {"agency": row.agency, "clock": stands(row)})
        return redirect("requests:triage_case", pk)
    return show_kept(request, "requests_app/triage/return.html", {"case": row}, form=form)


@page
def take_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Go on without the requester's answers, once that is confirmed."""
    row = the_case(request, pk)
    if too_early_or_late(request, row, "take_back"):
        return redirect("requests:triage_case", pk)
    if request.method == "POST":
        actions.take_back_request(row, by=request.actor)
        messages.success(request, _("You took the request back. Its clock is running."))
        return redirect("requests:triage_case", pk)
    return show(request, "requests_app/triage/take_back.html", {"case": row})


@kept_page
def decline(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Turn it down, with reasons."""
    row = the_case(request, pk)
    if too_early_or_late(request, row, "decline"):
        return redirect("requests:triage_case", pk)
    form = DeclineForm(request.POST) if request.method == "POST" else DeclineForm()
    if form.is_bound and form.is_valid():
        actions.decline_request(row, by=request.actor, reason=form.cleaned_data["reasons"])
        said = _("You declined the request. %(agency)s can read why.")
        messages.success(request, said % {"agency": row.agency})
        return redirect("requests:triage_case", pk)
    return show_kept(request, "requests_app/triage/decline.html", {"case": row}, form=form)


@kept_page
def rate(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Rate it otherwise, with a reason; its clock keeps its start."""
    row = the_case(request, pk)
    if too_early_or_late(request, row, "rate"):
        return redirect("requests:triage_case", pk)
    posted = request.POST if request.method == "POST" else None
    now = (row.rating, row.rating_reason)
    initial = {"expected_version": version_but_for_owners(row)}
    form = RateForm(posted, now=now, due=due_times(row), initial=initial)
    if form.is_bound and form.is_valid():
        actions.change_rating(row, by=request.actor, **form.cleaned_data)
        messages.success(
            request,
            _("You changed the rating. The time still runs from when the request was sent."),
        )
        return redirect("requests:triage_case", pk)
    context = {"case": row, "clock": selectors.clock_for(row), "hub": hub_hours()}
    return show_kept(request, "requests_app/triage/rate.html", context, form=form)
