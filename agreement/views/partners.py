"""What the three statutory partners say to an edition (ISA-5.3)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from agencies.http import PortalRequest
from agencies.permissions import May
from agreement.actions import agreeing
from agreement.forms.editions import AGREE, VoiceForm
from agreement.lists import pages
from agreement.policies import EDITIONS
from workflow.doors import fetch_or_404
from workflow.pages import show
from workflow.step_up import step_up

SAID = {
    True: gettext_noop("Your organisation agrees to %s."),
    False: gettext_noop("Your organisation does not agree to %s. The office has been told."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def agree(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Agree, or not and why; with the last of the three it comes into force."""
    row = fetch_or_404(EDITIONS, request.actor, May.AGREE, pk=pk)
    if request.method != "POST" and row.status != row.Status.PROPOSED:
        return redirect("agreement:edition", pk)
    form = VoiceForm(request.POST) if request.method == "POST" else VoiceForm()
    if form.is_bound and form.is_valid():
        agrees = form.cleaned_data["said"] == AGREE
        act = agreeing.agree if agrees else agreeing.disagree
        said = act(row, by=request.actor, reasons=form.words)
        messages.success(request, _(SAID[agrees]) % said.edition)
        return redirect("agreement:edition", pk)
    return show(request, "agreement/agree.html", pages.edition_for(row, request.actor), form=form)
