"""Pages of an agency check: the inbox, the check, taking it, handing it on, not known."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from requests_app.actions import enquiries
from requests_app.forms.checks import HandForm, NotKnownForm
from requests_app.lists import checks as lists
from requests_app.lists.clock_words import explain
from requests_app.lists.told import told_of
from requests_app.policies import ENQUIRIES
from workflow.doors import fetch_or_404
from workflow.pages import show

RELATED = ("case__desk", "holder", "taken_by")


@require_safe
def checks(request: PortalRequest) -> HttpResponse:
    """What waits for an answer, the front door's checks by how urgent they are (ISA-3.6)."""
    may_answer = May.ANSWER in request.actor.may
    if not may_answer and not ENQUIRIES.scope(request.actor, May.ANSWER).exists():
        raise Http404
    back = request.GET.get("show") == "back"
    inbox = lists.inbox_of(request.actor, only_back=back)
    context = {"inbox": inbox, "may_answer": may_answer, "only_back": back}
    return show(request, "requests_app/checks_inbox.html", context)


@require_safe
def check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One check: whom to look for, what is asked, and what can be done about it."""
    enquiry = fetch_or_404(ENQUIRIES, request.actor, May.ANSWER, related=RELATED, pk=pk)
    timed = lists.with_clock(enquiry)
    context = {
        "enquiry": timed,
        "explained": explain(timed.clock, timed),
        "people": lists.people_shown(enquiry),
        "purposes": lists.purposes_of(enquiry),
        "told": told_of(enquiry),
        "questions": lists.questions_of(enquiry),
        "items": lists.listed(enquiry),
        "once": uuid4(),
    }
    return show(request, "requests_app/checks_check.html", context)


@require_POST
def take(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take it on oneself."""
    enquiry = fetch_or_404(ENQUIRIES, request.actor, May.ANSWER, related=RELATED, pk=pk)
    enquiries.take_enquiry(enquiry, by=request.actor)
    messages.success(request, _("You have taken this check."))
    return redirect("requests:check", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def hand(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Hand it to a colleague, who gets a part in the case by it."""
    enquiry = fetch_or_404(ENQUIRIES, request.actor, May.ANSWER, related=RELATED, pk=pk)
    if request.method != "POST" and enquiry.status not in enquiry.OPEN:
        return redirect("requests:check", pk)
    people = lists.colleagues(enquiry, request.actor)
    form = HandForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_bound and form.is_valid():
        colleague = form.cleaned_data["colleague"]
        enquiries.hand_enquiry(enquiry, by=request.actor, colleague=colleague)
        said = _("Check %(reference)s is now with %(person)s.")
        words = {"reference": enquiry.reference, "person": colleague}
        messages.success(request, said % words)
        return redirect("requests:checks" if May.ANSWER in request.actor.may else "home")
    context = {"enquiry": enquiry}
    return show(request, "requests_app/checks_hand.html", context, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def not_known(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Answer that nobody in it is known here, and what was searched."""
    enquiry = fetch_or_404(ENQUIRIES, request.actor, May.ANSWER, related=RELATED, pk=pk)
    if request.method != "POST" and enquiry.status not in enquiry.OPEN:
        return redirect("requests:check", pk)
    form = NotKnownForm(request.POST) if request.method == "POST" else NotKnownForm()
    if form.is_bound and form.is_valid():
        searched = form.cleaned_data["searched"]
        enquiries.answer_not_known(enquiry, by=request.actor, searched=searched)
        said = _("Not known to this agency: your answer to check %(reference)s has been sent.")
        messages.success(request, said % {"reference": enquiry.reference})
        return redirect("requests:check", pk)
    context = {"enquiry": lists.with_clock(enquiry), "people": lists.people_shown(enquiry)}
    return show(request, "requests_app/checks_not_known.html", context, form=form)
