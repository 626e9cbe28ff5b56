"""The receipt of a recorded decision: a file that shows anybody that it stands in the ledger."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from audit.ledger.proofs import as_file
from audit.record import Kind
from decisions.policies import DECISIONS
from decisions.receipts.selectors import receipt_of
from workflow.gateway import fetch_or_404


@require_safe
def receipt(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The file, once the decision is recorded and its place in the ledger is signed."""
    row = fetch_or_404(
        DECISIONS,
        request.actor,
        Permission.ANSWER,
        kind=Kind.EXPORTED,
        related=("agency_check",),
        pk=pk,
    )
    if not row.decided_at:
        raise Http404
    kept = receipt_of(row)
    if kept is None:
        messages.info(request, _("The receipt is being signed. Try again in a few seconds."))
        return redirect("decisions:decision", pk)
    response = HttpResponse(as_file(kept), content_type="application/json")
    name = f"receipt-{row.agency_check.reference}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
