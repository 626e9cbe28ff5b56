"""Openings as information governance leads see them: who and why, and nothing of the case."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from requests_app.actions.openings import look_at_opening
from requests_app.forms.openings import NoteForm
from requests_app.lists import openings as lists
from requests_app.policies import OPENINGS
from workflow.doors import fetch_or_404, hold_or_404, note_all_read
from workflow.pages import show


@require_safe
def watch(request: PortalRequest) -> HttpResponse:
    """Openings of the front door's cases, or by the agency's people."""
    hold_or_404(request.actor, May.WATCH)
    flagged, after = request.GET.get("show") == "flagged", request.GET.get("after", "")
    page = lists.watched(request.actor, only_flagged=flagged, after=after)
    note_all_read(page.rows, request.actor, May.WATCH)
    return show(request, "requests_app/watch_list.html", {"page": page, "flagged": flagged})


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Look at one, and note what was found."""
    related = ("person", "agency", "case")
    opening = fetch_or_404(OPENINGS, request.actor, May.WATCH, related=related, pk=pk)
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm()
    if form.is_bound and form.is_valid():
        look_at_opening(opening, by=request.actor, note=form.cleaned_data["note"])
        messages.success(request, _("Noted."))
        return redirect("requests:watch")
    context = {"opening": lists.watched_one(opening, request.actor)}
    return show(request, "requests_app/watch_look.html", context, form=form)
