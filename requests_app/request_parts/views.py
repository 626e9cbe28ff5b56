"""The parts of a request, one page each; people and files have modules of their own."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.partnership.selectors import the_partnership
from agencies.permissions import Permission
from agreement.editions.selectors import purposes_offered
from requests_app.asking import actions as asking
from requests_app.asking.forms import (
    AnswerForm,
    ConsentDetailsForm,
    ConsentForm,
    NeedForm,
    ParentsForm,
    PurposeForm,
    RatingForm,
)
from requests_app.asking.selectors import questions_of
from requests_app.clocks.due import due_times, hub_hours
from requests_app.drafting import filled, of_the_requester, way_on
from requests_app.policies import CLARIFICATIONS, NEEDS
from requests_app.request_fields import said_on
from requests_app.request_parts import actions, selectors
from requests_app.selectors import needs_of
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import InformationRequest


def _described(
    request: PortalRequest,
    case: "InformationRequest",
    part: str,
    form: Form,
    *,
    template: str = "requests_app/asking_form.html",
    **words: Any,
) -> HttpResponse:
    """The page of one part, or on from it once what it asks has been said."""
    back = way_on(request, case.pk)
    if form.is_bound and form.is_valid():
        asking.describe(case, by=request.actor, part=part, **form.cleaned_data)
        return redirect(back)
    return show_kept(request, template, {"case": case, "back": back, **words}, form=form)


@kept_page
@of_the_requester
def purpose(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """Which purposes of the agreement, and why."""
    form = filled(
        request, PurposeForm, initial=said_on("purpose", case), offered=purposes_offered()
    )
    return _described(request, case, "purpose", form, title=_("What it is for"))


@kept_page
@of_the_requester
def rating(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """How urgent it is, until it is sent; what is posted later the transition refuses."""
    if request.method != "POST" and not case.is_rated_by_requester:
        return redirect("requests:case", case.pk)
    form = filled(
        request,
        RatingForm,
        initial=said_on("rating", case),
        partnership=the_partnership(),
        due=due_times(),
    )
    template = "requests_app/request_parts/rating.html"
    return _described(request, case, "rating", form, template=template, hub=hub_hours())


@kept_page
@of_the_requester
def parents(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """Whether the parents or carers have been told."""
    form = filled(request, ParentsForm, initial=said_on("parents", case))
    title = form.fields["told"].label
    return _described(request, case, "parents", form, title=title, is_heading=True)


@page
@of_the_requester
def consent(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """What has become of consent; what belongs to the answer is asked on the next page."""
    initial, is_suggested = selectors.consent_so_far(case)
    form = filled(request, ConsentForm, initial=initial)
    if form.is_bound and form.is_valid():
        # The query carries only where to go afterwards.
        there = reverse("requests:consent_details", args=[case.pk, form.cleaned_data["answer"]])
        query = request.GET.urlencode()
        return redirect(f"{there}?{query}" if query else there)
    context = {"case": case, "back": way_on(request, case.pk), "is_suggested": is_suggested}
    return show(request, "requests_app/request_parts/consent.html", context, form=form)


@kept_page
@of_the_requester
def consent_details(
    request: PortalRequest, case: "InformationRequest", answer: str
) -> HttpResponse:
    """Who gave consent, for what, when and how; or why there is none (C-CONSENT)."""
    if answer not in ConsentDetailsForm.ASKED:
        raise Http404
    initial, is_suggested = selectors.consent_so_far(case, answer)
    form = filled(request, ConsentDetailsForm, initial=initial, answer=answer)
    if form.is_bound and form.is_valid():
        actions.record_consent(case, by=request.actor, answer=answer, **form.cleaned_data)
        return redirect(way_on(request, case.pk))
    context = {
        "case": case,
        "back": reverse("requests:consent", args=[case.pk]),
        "title": selectors.consent_title(answer),
        "is_suggested": is_suggested,
    }
    return show_kept(request, "requests_app/request_parts/consent_details.html", context, form=form)


@require_safe
@of_the_requester
def needs(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """The facts that are needed."""
    needed = needs_of(case)
    if not needed:
        return redirect("requests:need_add", case.pk)
    context = {"case": case, "needs": needed, "back": way_on(request, case.pk)}
    return show(request, "requests_app/request_parts/needs.html", context)


@kept_page
@of_the_requester
def need_add(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """Ask for one more fact."""
    form = filled(request, NeedForm)
    if form.is_bound and form.is_valid():
        actions.add_need(case, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Added to what you need to know."))
        return redirect("requests:needs", case.pk)
    context = {
        "case": case,
        "back": selectors.back_to_needs(case),
        "title": _("Add what you need to know"),
    }
    return show_kept(request, "requests_app/asking_form.html", context, form=form)


@kept_page
@of_the_requester
def need_change(request: PortalRequest, case: "InformationRequest", need: UUID) -> HttpResponse:
    """Put one otherwise."""
    row = fetch_or_404(NEEDS, request.actor, Permission.SEND_REQUEST, pk=need, case_id=case.pk)
    form = filled(request, NeedForm, initial={"fact": row.fact, "why": row.why})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        actions.change_need(row, by=request.actor, fact=said["fact"], why=said["why"])
        return redirect("requests:needs", case.pk)
    context = {
        "case": case,
        "back": selectors.back_to_needs(case),
        "title": _("Change what you need to know"),
    }
    return show_kept(request, "requests_app/asking_form.html", context, form=form)


@page
@of_the_requester
def need_remove(request: PortalRequest, case: "InformationRequest", need: UUID) -> HttpResponse:
    """Ask for it no longer, once that is confirmed."""
    row = fetch_or_404(NEEDS, request.actor, Permission.SEND_REQUEST, pk=need, case_id=case.pk)
    if request.method == "POST":
        actions.remove_need(row, by=request.actor)
        messages.success(request, _("Removed from what you need to know."))
        return redirect(selectors.back_to_needs(case))
    context = {
        "case": case,
        "title": _("Remove this from what you need to know?"),
        "what": row.fact,
        "back": selectors.back_to_needs(case),
    }
    return show(request, "requests_app/asking_remove.html", context)


@require_safe
@of_the_requester
def questions(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """What the front door wants to know before it goes on."""
    context = {"case": case, "questions": questions_of(case)}
    return show(request, "requests_app/request_parts/questions.html", context)


@kept_page
@of_the_requester
def question(request: PortalRequest, case: "InformationRequest", question: UUID) -> HttpResponse:
    """Answer one of its questions."""
    row = fetch_or_404(
        CLARIFICATIONS, request.actor, Permission.SEND_REQUEST, pk=question, case_id=case.pk
    )
    form = filled(request, AnswerForm, initial={"answer": row.answer})
    if form.is_bound and form.is_valid():
        asking.answer_clarification(row, by=request.actor, **form.cleaned_data)
        messages.success(
            request, _("Your answer has been saved. Send the request again when all is done.")
        )
        return redirect("requests:questions", case.pk)
    context = {"case": case, "question": row}
    return show_kept(request, "requests_app/request_parts/question.html", context, form=form)
