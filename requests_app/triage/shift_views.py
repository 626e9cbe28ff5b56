"""The pages on which a shift is handed over and taken over (docs/adr/0132)."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.policies import SHIFT_NOTES
from requests_app.triage import owning, shifts
from requests_app.triage import shift_selectors as selectors
from requests_app.triage.owner_views import ids_of
from requests_app.triage.shift_forms import ShiftForm, written_of
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import show


@require_safe
def waiting(request: PortalRequest) -> HttpResponse:
    """The hand-overs that nobody has acknowledged."""
    require_permission_or_404(request.actor, Permission.TRIAGE)
    found = selectors.shifts_waiting(request.actor)
    context = {
        "for_me": [each for each in found if each.is_for_me],
        "others": [each for each in found if not each.is_for_me],
    }
    return show(request, "requests_app/triage/shifts.html", context)


@kept_page
def hand_over(request: PortalRequest) -> HttpResponse:
    """A note of each open red and amber request, and who takes over; sends all of it."""
    require_permission_or_404(request.actor, Permission.TRIAGE)
    posted = request.POST if request.method == "POST" else None
    offered = selectors.to_hand_over(request.actor, ids_of(written_of(request.POST)))
    me, people = request.actor.user.pk, owning.colleagues(request.actor.agency.pk)
    others = [person for person in people if person.pk != me]
    form = ShiftForm(posted, offered=offered.rows, people=others, me=me)
    if form.is_bound and form.is_valid():
        whom, written = form.whom.cleaned_data, form.written()
        key = whom["idempotency_key"]
        shifts.hand_over_shift(written, by=request.actor, idempotency_key=key, to=whom["to"])
        done = len(written)
        said = ngettext("You handed over %s request.", "You handed over %s requests.", done)
        messages.success(request, said % done)
        return redirect("requests:shifts")
    context = {"is_all": offered.is_all}
    return show_kept(request, "requests_app/triage/shift_hand_over.html", context, form=form)


@require_safe
def shift(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One hand-over: each request with its note, and what has changed in it since."""
    note = fetch_or_404(SHIFT_NOTES, request.actor, Permission.TRIAGE, pk=pk)
    heading, listed = selectors.handed(request.actor, note)
    waits = any(each.is_waiting for each in listed)
    context = {"shift": heading, "listed": listed, "waits": waits}
    return show(request, "requests_app/triage/shift.html", context)


@require_POST
def take_over(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Acknowledge what was chosen of a hand-over, and have these requests; each by itself."""
    rows = _chosen(request, pk)
    done, refused = owning.each_of(rows, partial(shifts.take_over, by=request.actor))
    said = ngettext("You acknowledged %s request.", "You acknowledged %s requests.", done) % done
    return _back(request, pk, said if done else "", refused)


@require_POST
def take_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Go on oneself with what was chosen of a hand-over that one has written."""
    rows = _chosen(request, pk)
    done, refused = owning.each_of(rows, partial(shifts.take_back, by=request.actor))
    said = ngettext("You took back %s request.", "You took back %s requests.", done) % done
    return _back(request, pk, said if done else "", refused)


def _chosen(request: PortalRequest, pk: UUID) -> list[Any]:
    """Those of the hand-over that were chosen on its page."""
    note = fetch_or_404(SHIFT_NOTES, request.actor, Permission.TRIAGE, pk=pk)
    return selectors.of_one(request.actor, note, ids_of(request.POST.getlist("chosen")))


def _back(request: PortalRequest, pk: UUID, said: str, refused: list[str]) -> HttpResponse:
    if said:
        messages.success(request, said)
    for each in refused:
        messages.warning(request, each)
    if not said and not refused:
        messages.warning(request, _("Select at least one request first."))
    return redirect("requests:shift", pk)
