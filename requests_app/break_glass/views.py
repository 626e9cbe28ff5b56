"""Opening a case without a part in it, and looking at those who did (ISA-7.2)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.break_glass import selectors
from requests_app.break_glass.actions import close_opening, open_otherwise, review_opening
from requests_app.break_glass.forms import NoteForm, OpenForm
from requests_app.policies import OPENINGS
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import show
from workflow.step_up import step_up


@require_safe
def openings(request: PortalRequest) -> HttpResponse:
    """What this person has opened for another reason, the latest first."""
    require_permission_or_404(request.actor, Permission.BREAK_GLASS)
    page = selectors.own(request.actor, request.GET.get("after", ""))
    return show(request, "requests_app/break_glass/own.html", {"page": page})


@kept_page
@step_up
def open_case(request: PortalRequest) -> HttpResponse:
    """Open one, by its reference and for a reason, once who it is was proved again."""
    require_permission_or_404(request.actor, Permission.BREAK_GLASS)
    posted = request.POST if request.method == "POST" else None
    form = OpenForm(posted, actor=request.actor)
    if form.is_bound and form.is_valid() and form.case:
        given = {
            name: form.cleaned_data[name] for name in ("idempotency_key", "reason", "in_words")
        }
        opening = open_otherwise(form.case, by=request.actor, **given)
        messages.success(request, _("Opened. The front door and the requester have been told."))
        return redirect("decisions:opened", opening.pk)
    return show_kept(request, "requests_app/break_glass/open.html", form=form)


@require_POST
def close(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Close it before its hour is over."""
    opening = fetch_or_404(OPENINGS, request.actor, Permission.BREAK_GLASS, pk=pk)
    close_opening(opening, by=request.actor)
    messages.success(request, _("Closed."))
    return redirect("requests:openings")


@require_safe
def oversight(request: PortalRequest) -> HttpResponse:
    """Openings of the front door's cases, or by the agency's people."""
    require_permission_or_404(request.actor, Permission.REVIEW_OPENINGS)
    flagged, after = request.GET.get("show") == "flagged", request.GET.get("after", "")
    page = selectors.openings_to_review(request.actor, only_flagged=flagged, after=after)
    return show(
        request,
        "requests_app/break_glass/openings_oversight.html",
        {"page": page, "flagged": flagged},
    )


@kept_page
def review(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Look at one, and note what was found."""
    related = ("person", "agency", "case")
    opening = fetch_or_404(
        OPENINGS, request.actor, Permission.REVIEW_OPENINGS, related=related, pk=pk
    )
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm()
    if form.is_bound and form.is_valid():
        review_opening(opening, by=request.actor, note=form.cleaned_data["note"])
        messages.success(request, _("Noted."))
        return redirect("requests:openings_oversight")
    context = {"opening": selectors.opening_to_review(opening, request.actor)}
    return show_kept(request, "requests_app/break_glass/opening_notes.html", context, form=form)
