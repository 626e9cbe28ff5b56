"""Editions: listed, drafted, compared, proposed, agreed by the partners (ISA-5.3)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agreement.editions import actions, pages, selectors, text
from agreement.editions.forms import AGREE, EditionForm, SureForm, VoiceForm, WhyForm
from agreement.policies import EDITIONS, PUBLISHED
from agreement.transitions import EDITION
from workflow.acting import IN_OWN_NAME
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show
from workflow.step_up import step_up

# What everybody reads, and what only the office and the partners do.
READERS = (IN_OWN_NAME, Permission.ADMINISTER, Permission.AGREE)


@require_safe
def edition(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One edition: its text, who agreed it, and what one's own agency signed."""
    row = fetch_or_404(PUBLISHED, request.actor, *READERS, pk=pk)
    return show(request, "agreement/editions/edition.html", pages.edition_for(row, request.actor))


@page
def draft(request: PortalRequest) -> HttpResponse:
    """Begin a draft from the edition in force."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    posted = request.POST if request.method == "POST" else None
    form = EditionForm(posted, initial=selectors.starting_point())
    if form.is_bound and form.is_valid():
        idempotency_key = form.cleaned_data["idempotency_key"]
        row = actions.draft_edition(by=request.actor, idempotency_key=idempotency_key, **form.said)
        messages.success(request, _("Draft of %s saved.") % row)
        return redirect("agreement:edition", row.pk)
    return show(request, "agreement/editions/draft.html", {"edition": None}, form=form)


@page
def change(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Change a draft."""
    row = fetch_or_404(EDITIONS, request.actor, Permission.ADMINISTER, pk=pk)
    if request.method != "POST" and not EDITION.can("change", row, by=request.actor):
        return redirect("agreement:edition", pk)
    posted = request.POST if request.method == "POST" else None
    form = EditionForm(posted, initial=pages.written_in(row))
    if form.is_bound and form.is_valid():
        expected_version = form.cleaned_data["expected_version"]
        actions.change_draft(row, by=request.actor, expected_version=expected_version, **form.said)
        messages.success(request, _("Draft of %s saved.") % row)
        return redirect("agreement:edition", pk)
    return show(request, "agreement/editions/draft.html", {"edition": row}, form=form)


@require_safe
def compare(request: PortalRequest, one: UUID, other: UUID) -> HttpResponse:
    """Two editions side by side."""
    before = fetch_or_404(PUBLISHED, request.actor, *READERS, pk=one)
    after = fetch_or_404(PUBLISHED, request.actor, *READERS, pk=other)
    return show(request, "agreement/editions/compare.html", {"they": text.compare(before, after)})


@page
@step_up
def propose(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Put a draft before the three partners, once it is confirmed."""
    row = fetch_or_404(EDITIONS, request.actor, Permission.ADMINISTER, pk=pk)
    if request.method != "POST" and not EDITION.can("propose", row, by=request.actor):
        return redirect("agreement:edition", pk)
    form = SureForm(request.POST) if request.method == "POST" else SureForm()
    if form.is_bound and form.is_valid():
        actions.propose_edition(row, by=request.actor)
        messages.success(request, _("The statutory partners have been asked to agree to %s.") % row)
        return redirect("agreement:edition", pk)
    context = {
        "edition": row,
        "voices": selectors.voices_to_be(),
        "stops": actions.why_not_proposed(row),
    }
    return show(request, "agreement/editions/propose.html", context, form=form)


@page
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Give up a draft, or take a proposed edition back."""
    row = fetch_or_404(EDITIONS, request.actor, Permission.ADMINISTER, pk=pk)
    is_proposed = EDITION.can("withdraw", row, by=request.actor)
    is_draft = EDITION.can("discard", row, by=request.actor)
    if request.method != "POST" and not is_proposed and not is_draft:
        return redirect("agreement:edition", pk)
    form = WhyForm(request.POST) if request.method == "POST" else WhyForm()
    if form.is_bound and form.is_valid():
        act = actions.discard_draft if is_draft else actions.withdraw_edition
        act(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("%s withdrawn.") % str(row).capitalize())
        return redirect("agreement:edition", pk)
    context = {"edition": row, "is_proposed": is_proposed}
    return show(request, "agreement/editions/withdraw.html", context, form=form)


SAID = {
    True: gettext_noop("Your organisation agrees to %s."),
    False: gettext_noop("Your organisation does not agree to %s. The office has been told."),
}


@page
@step_up
def agree(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Agree, or not and why; with the last of the three it comes into force."""
    row = fetch_or_404(EDITIONS, request.actor, Permission.AGREE, pk=pk)
    if request.method != "POST" and row.status != row.Status.PROPOSED:
        return redirect("agreement:edition", pk)
    form = VoiceForm(request.POST) if request.method == "POST" else VoiceForm()
    if form.is_bound and form.is_valid():
        agrees = form.cleaned_data["said"] == AGREE
        act = actions.agree if agrees else actions.disagree
        said = act(row, by=request.actor, reasons=form.words)
        messages.success(request, _(SAID[agrees]) % said.edition)
        return redirect("agreement:edition", pk)
    return show(
        request, "agreement/editions/agree.html", pages.edition_for(row, request.actor), form=form
    )
