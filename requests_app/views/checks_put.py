"""Putting an agency check: whom to ask, what to show, what to ask."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from agreement.lists.participation import whom_to_call
from requests_app.actions.enquiries import put_enquiry
from requests_app.forms.checks_put import PutCheckForm
from requests_app.lists import triage as lists
from requests_app.lists.told import offered_of
from requests_app.lists.whom_to_ask import whom_to_ask
from requests_app.views.triage import page, the_case
from workflow.pages import show


@page
def put(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask one agency; the page can be used for any number of them."""
    case = the_case(request, pk)
    if request.method != "POST" and case.status not in case.AT_WORK:
        return redirect("requests:triage_case", pk)
    asked = lists.checks_put(case)
    whom, needs = whom_to_ask(asked), lists.needs_of(case)
    posted = request.POST if request.method == "POST" else None
    people = lists.people_in(case)
    offered = offered_of(case)
    form = PutCheckForm(posted, agencies=whom.can, people=people, needs=needs, offered=offered)
    if form.is_bound and form.is_valid():
        enquiry = put_enquiry(case, by=request.actor, **form.asks())
        words = {"agency": enquiry.holder, "reference": enquiry.reference}
        said = _("Agency check %(reference)s was put to %(agency)s.") % words
        messages.success(request, said)
        if form.asks_again:
            messages.warning(request, _("%(agency)s was asked in this case before.") % words)
        return redirect("requests:triage_case", pk)
    context = {"case": case, "asked": asked, "whom": whom, "call": whom_to_call()}
    return show(request, "requests_app/triage_put.html", context, form=form)
