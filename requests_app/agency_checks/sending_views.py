"""Choosing agencies, and asking all of them at once (docs/adr/0126)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from agreement.signing.participation import whom_to_call
from requests_app.agency_checks.actions import put_agency_checks
from requests_app.agency_checks.sending_forms import ChooseForm, PutForm
from requests_app.agency_checks.whom_to_ask import (
    asked_before,
    grouped,
    who_answers_instead,
    whom_to_ask,
)
from requests_app.clocks.due import due_times, hub_hours
from requests_app.request_fields import offered_of
from requests_app.selectors import needs_of
from requests_app.triage import selectors as triage_selectors
from requests_app.triage.views import the_case
from workflow.pages import page, show

WITHOUT_CHECKING = ("apart", "together")  # what a button can ask of the page beside sending it
FIND = "1"
AGAIN = "again"  # of the agencies in an address, those that were asked already when chosen


@page
def choose(request: PortalRequest, pk: UUID) -> HttpResponse:
    """All agencies that could hold something; the next page says what they are asked."""
    case = the_case(request, pk)
    if case.status not in case.AT_WORK:
        return redirect("requests:triage_case", pk)
    found = triage_selectors.read(case, "people", *triage_selectors.PUT)
    asked = triage_selectors.checks_put(case, found=found)
    whom, posted = whom_to_ask(asked), request.POST if request.method == "POST" else None
    first = {"agency": request.GET.getlist("agency")}
    form = ChooseForm(posted, whom=whom, initial=first)
    finds = request.POST.get("find_them") == FIND
    if form.is_bound and not finds and form.is_valid():
        for why in form.refused:
            messages.warning(request, why)
        chosen = [("agency", str(each.pk)) for each in form.cleaned_data["agency"]]
        chosen += [(AGAIN, pk) for _agency, pk in chosen if pk in whom.asked]
        return redirect(f"{reverse('requests:put_check', args=[pk])}?{urlencode(chosen)}")
    notes = asked_before(case, request.actor, asked, found["people"])
    groups = grouped(whom, notes=notes, **form.narrowed())
    context = {"case": case, "whom": whom, "call": whom_to_call(), "groups": groups}
    if finds:
        form.only_find()
    return show(request, "requests_app/agency_checks/choose.html", context, form=form)


@page
def put(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What the chosen agencies are asked and told, by when they answer; sends all of it."""
    case = the_case(request, pk)
    if request.method != "POST" and case.status not in case.AT_WORK:
        return redirect("requests:triage_case", pk)
    asked = triage_selectors.checks_put(case)
    about = {
        "whom": whom_to_ask(asked),
        "people": triage_selectors.people_in(case),
        "needs": needs_of(case),
        "offered": offered_of(case),
    }
    form = _form(request, about)
    if form.is_bound and form.is_valid():
        return _sent(request, case, form)
    here = [each for each in asked if not each.is_withdrawn]
    context = {"case": case, "asked": here, "due": due_times()[case.rating], "hub": hub_hours()}
    return show(request, "requests_app/agency_checks/put.html", context, form=form)


def _form(request: PortalRequest, about: dict[str, Any]) -> PutForm:
    """The page as it is asked for, as it is sent, or parted otherwise by one of its buttons."""
    if request.method != "POST":
        given = request.GET
        return PutForm(chosen=given.getlist("agency"), again=given.getlist(AGAIN), **about)
    if (pressed := request.POST.get("do")) in WITHOUT_CHECKING:
        return PutForm.shown_anew(request.POST, apart=pressed == "apart", **about)
    return PutForm(request.POST, apart="apart" in request.POST, **about)


def _sent(request: PortalRequest, case: Any, form: PutForm) -> HttpResponse:
    """Each check by itself: says which were sent, which were not and why, who was asked before."""
    made, refused = put_agency_checks(
        case, by=request.actor, idempotency_key=form.idempotency_key, asks=form.asks()
    )
    for check in made:
        words = {"agency": check.holder, "reference": check.reference}
        said = _("Agency check %(reference)s was sent to %(agency)s.") % words
        messages.success(request, said)
        if closed := who_answers_instead(check.holder):
            messages.warning(request, closed)
    for why in [*form.refused, *refused]:
        messages.warning(request, why)
    for name in form.asked_again:
        messages.warning(request, _("%(agency)s was asked in this case before.") % {"agency": name})
    return redirect("requests:triage_case", case.pk)
