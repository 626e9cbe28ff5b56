"""What an agency says of its own copies (ISA-8.1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from retention.policies import STATEMENTS
from retention.schedules import selectors
from retention.statements import actions
from retention.statements.forms import DISPOSED, StatementForm
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show


@require_safe
def statements(request: PortalRequest) -> HttpResponse:
    """What is asked of the agency, and how long it keeps its own."""
    require_permission_or_404(request.actor, Permission.OVERSEE)
    asked, after = request.GET.get("show") == "asked", request.GET.get("after", "")
    context = {
        "page": selectors.statements(request.actor, after, only_asked=asked),
        "only_asked": asked,
        "rows": selectors.schedules_of(request.actor.agency, request.actor),
    }
    return show(request, "retention/statements/statements.html", context)


@page
def statement(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Say what became of one copy."""
    row = fetch_or_404(STATEMENTS, request.actor, Permission.OVERSEE, pk=pk)
    form = StatementForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said, until = form.cleaned_data["said"], form.cleaned_data["until"]
        if said == DISPOSED:
            actions.state_disposed(row, by=request.actor)
        else:
            actions.state_kept(row, by=request.actor, because=said, until=until)
        messages.success(request, _("Saved. Thank you."))
        return redirect("retention:statements")
    return show(request, "retention/statements/statement.html", {"statement": row}, form=form)
