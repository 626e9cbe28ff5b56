"""What was released to a named person: read, and acknowledged."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from requests_app.actions.releasing import acknowledge as acknowledge_receipt
from requests_app.lists import released as lists
from requests_app.policies import RECIPIENTS, RELEASES
from workflow.doors import fetch_or_404, note_all_read
from workflow.pages import show

RELATED = ("case__agency", "case__desk")


@require_safe
def released(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One package. Each agency whose information is in it sees that it was read (ISA-7.2)."""
    release = fetch_or_404(RELEASES, request.actor, May.SEND_REQUEST, related=RELATED, pk=pk)
    package = lists.package_of(release, request.actor)
    note_all_read(package.shown, request.actor, May.SEND_REQUEST)
    return show(request, "requests_app/released_package.html", {"package": package})


@require_POST
def acknowledge(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Say that it was received and read."""
    me = request.actor.user.pk
    recipient = fetch_or_404(
        RECIPIENTS, request.actor, May.SEND_REQUEST, release_id=pk, person_id=me
    )
    acknowledge_receipt(recipient, by=request.actor)
    messages.success(request, _("You have acknowledged that you received this information."))
    return redirect("requests:released", pk)
