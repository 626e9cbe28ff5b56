"""Editions: the list, one edition, drafting, comparing, proposing, withdrawing (ISA-9.2)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from agreement.actions import drafting
from agreement.forms.editions import EditionForm, SureForm, WhyForm
from agreement.lists import editions as lists
from agreement.lists import pages, text
from agreement.moves import EDITION
from agreement.policies import EDITIONS, PUBLISHED
from workflow.doors import fetch_or_404, hold_or_404
from workflow.pages import show
from workflow.step_up import step_up

page = require_http_methods(["GET", "HEAD", "POST"])
# What everybody reads, and what only the office and the partners do.
READERS = (May.SIGN, May.ADMINISTER, May.AGREE)


@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    """The edition in force, what is proposed, what there was, and what this person can do."""
    return show(request, "agreement/overview.html", pages.overview_for(request.actor))


@require_safe
def edition(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One edition: its text, who agreed it, and what one's own agency signed."""
    row = fetch_or_404(PUBLISHED, request.actor, *READERS, pk=pk)
    return show(request, "agreement/edition.html", pages.edition_for(row, request.actor))


@page
def draft(request: PortalRequest) -> HttpResponse:
    """Begin a draft from the edition in force."""
    hold_or_404(request.actor, May.ADMINISTER)
    posted = request.POST if request.method == "POST" else None
    form = EditionForm(posted, initial=lists.starting_point())
    if form.is_bound and form.is_valid():
        once = form.cleaned_data["once"]
        row = drafting.draft_edition(by=request.actor, once=once, **form.said)
        messages.success(request, _("Draft of %s saved.") % row)
        return redirect("agreement:edition", row.pk)
    return show(request, "agreement/draft.html", {"edition": None}, form=form)


@page
def change(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Change a draft."""
    row = fetch_or_404(EDITIONS, request.actor, May.ADMINISTER, pk=pk)
    if request.method != "POST" and not EDITION.can("change", row, by=request.actor):
        return redirect("agreement:edition", pk)
    posted = request.POST if request.method == "POST" else None
    form = EditionForm(posted, initial=pages.written_in(row))
    if form.is_bound and form.is_valid():
        seen = form.cleaned_data["seen"]
        drafting.change_draft(row, by=request.actor, seen=seen, **form.said)
        messages.success(request, _("Draft of %s saved.") % row)
        return redirect("agreement:edition", pk)
    return show(request, "agreement/draft.html", {"edition": row}, form=form)


@require_safe
def compare(request: PortalRequest, one: UUID, other: UUID) -> HttpResponse:
    """Two editions side by side."""
    before = fetch_or_404(PUBLISHED, request.actor, *READERS, pk=one)
    after = fetch_or_404(PUBLISHED, request.actor, *READERS, pk=other)
    return show(request, "agreement/compare.html", {"they": text.compare(before, after)})


@page
@step_up
def propose(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Put a draft before the three partners, once it is confirmed."""
    row = fetch_or_404(EDITIONS, request.actor, May.ADMINISTER, pk=pk)
    if request.method != "POST" and not EDITION.can("propose", row, by=request.actor):
        return redirect("agreement:edition", pk)
    form = SureForm(request.POST) if request.method == "POST" else SureForm()
    if form.is_bound and form.is_valid():
        drafting.propose_edition(row, by=request.actor)
        messages.success(request, _("The statutory partners have been asked to agree to %s.") % row)
        return redirect("agreement:edition", pk)
    context = {
        "edition": row,
        "voices": lists.voices_to_be(),
        "stops": drafting.why_not_proposed(row),
    }
    return show(request, "agreement/propose.html", context, form=form)


@page
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Give up a draft, or take a proposed edition back."""
    row = fetch_or_404(EDITIONS, request.actor, May.ADMINISTER, pk=pk)
    is_proposed = EDITION.can("withdraw", row, by=request.actor)
    is_draft = EDITION.can("discard", row, by=request.actor)
    if request.method != "POST" and not is_proposed and not is_draft:
        return redirect("agreement:edition", pk)
    form = WhyForm(request.POST) if request.method == "POST" else WhyForm()
    if form.is_bound and form.is_valid():
        act = drafting.discard_draft if is_draft else drafting.withdraw_edition
        act(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("%s withdrawn.") % str(row).capitalize())
        return redirect("agreement:edition", pk)
    context = {"edition": row, "is_proposed": is_proposed}
    return show(request, "agreement/withdraw.html", context, form=form)
