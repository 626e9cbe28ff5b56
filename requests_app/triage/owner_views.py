"""Claiming requests, handing them over and giving them back, one or several at once."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.triage import owning
from requests_app.triage.forms import HandOverForm
from requests_app.triage.views import the_case, too_early_or_late
from workflow.gateway import require_permission_or_404
from workflow.pages import page, show

MOST = 100  # at once


@require_POST
def claim(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take one request on oneself."""
    owning.claim_request(the_case(request, pk), by=request.actor)
    messages.success(request, _("You have this request."))
    return redirect("requests:triage_case", pk)


@require_POST
def give_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Leave one request to whoever claims it next."""
    owning.give_back_request(the_case(request, pk), by=request.actor)
    messages.success(request, _("You gave this request back. Nobody has it now."))
    return redirect("requests:triage_case", pk)


@page
def hand_over(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Give one request to a colleague, or take it over."""
    row = the_case(request, pk)
    if too_early_or_late(request, row, "hand_over"):
        return redirect("requests:triage_case", pk)
    posted = request.POST if request.method == "POST" else None
    people = owning.colleagues(row.desk_id)
    form = HandOverForm(posted, people=people, initial={"seen": row.owner_id})
    if form.is_bound and form.is_valid():
        colleague, seen = form.cleaned_data["colleague"], form.cleaned_data["seen"]
        owning.hand_over_request(row, by=request.actor, colleague=colleague, seen=seen)
        messages.success(request, _("%(person)s has this request now.") % {"person": colleague})
        return redirect("requests:triage_case", pk)
    context = {"case": row, "who": owning.who_has_it(row)}
    return show(request, "requests_app/triage/hand_over.html", context, form=form)


@require_POST
def claim_several(request: PortalRequest) -> HttpResponse:
    """Take on oneself what was chosen in the list, or the one whose button was pressed."""
    require_permission_or_404(request.actor, Permission.TRIAGE)
    chosen = ids_of(request.POST.getlist("only") or request.POST.getlist("chosen"))
    rows = owning.at_the_desk(request.actor, chosen)
    done, refused = owning.each_of(rows, partial(owning.claim_request, by=request.actor))
    said = ngettext("You claimed %s request.", "You claimed %s requests.", done) % done
    return _back(request, said if done else "", refused, nothing=not chosen)


@require_POST
def hand_over_several(request: PortalRequest) -> HttpResponse:
    """Give what was chosen in the list to one colleague; asks first to whom."""
    require_permission_or_404(request.actor, Permission.TRIAGE)
    posted = request.POST if "colleague" in request.POST else None
    rows = list(owning.at_the_desk(request.actor, ids_of(request.POST.getlist("chosen"))))
    if not rows:
        return _back(request, "", [], nothing=True)
    people = owning.colleagues(request.actor.agency.pk)
    form = HandOverForm(posted, people=people)
    if form.is_bound and form.is_valid():
        colleague = form.cleaned_data["colleague"]
        done, refused = owning.hand_over_each(
            rows, by=request.actor, colleague=colleague, seen=request.POST.getlist("had")
        )
        words = {"person": colleague, "number": done}
        said = ngettext(
            "%(person)s has %(number)s more request.",
            "%(person)s has %(number)s more requests.",
            done,
        )
        return _back(request, said % words if done else "", refused)
    context = {"rows": rows, "back": request.POST.get("back", "")}
    return show(request, "requests_app/triage/hand_over_several.html", context, form=form)


def ids_of(texts: Iterable[str]) -> list[UUID]:
    """Those that are ids, as far as so many are done at once."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found[:MOST]


def _back(
    request: PortalRequest, said: str, refused: Iterable[str], *, nothing: bool = False
) -> HttpResponse:
    """To the list as it was, which says what was done and what was not, and why."""
    if said:
        messages.success(request, said)
    for each in refused:
        messages.warning(request, each)
    if nothing:
        messages.warning(request, _("Select at least one request first."))
    query = request.POST.get("back", "")
    return redirect(
        reverse("requests:inbox") + (query if query.startswith("?") and len(query) > 1 else "")
    )
