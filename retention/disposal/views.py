"""The dry run, the lists, and the certificates (ISA-8.1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from retention.disposal import actions, selectors
from retention.disposal.forms import ListForm, once_of
from retention.policies import DISPOSALS, LISTS
from retention.transitions import LIST
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show
from workflow.step_up import step_up


@page
@step_up
def due(request: PortalRequest) -> HttpResponse:
    """Which records are due; ticked ones go on a list for a second person."""
    require_permission_or_404(request.actor, Permission.TRIAGE)
    page = selectors.due(request.actor, request.GET.get("after", ""), once_of(request.POST))
    form = ListForm(request.POST if request.method == "POST" else None, due=page.can_go)
    if form.is_bound and form.is_valid():
        idempotency_key, cases = form.cleaned_data["idempotency_key"], form.cleaned_data["records"]
        listed = actions.list_for_disposal(cases, by=request.actor, idempotency_key=idempotency_key)
        messages.success(request, _("Listed. A second person has to approve it."))
        return redirect("retention:list", listed.pk)
    return show(request, "retention/disposal/due.html", {"due": page}, form=form)


@require_safe
def lists(request: PortalRequest) -> HttpResponse:
    """Every list, the latest first."""
    selectors.here_or_404(request.actor)
    waiting, after = request.GET.get("show") == "waiting", request.GET.get("after", "")
    page = selectors.lists(request.actor, after, only_waiting=waiting)
    return show(request, "retention/disposal/lists.html", {"page": page, "only_waiting": waiting})


@require_safe
def one_list(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What stands on it, and what can be done about it."""
    listed = fetch_or_404(
        LISTS, request.actor, *selectors.PERMISSIONS, related=("listed_by", "approved_by"), pk=pk
    )
    context = {
        "listed": listed,
        "lines": selectors.lines_of(listed, request.actor),
        "can": {name: LIST.can(name, listed, by=request.actor) for name in LIST.table},
    }
    return show(request, "retention/disposal/list.html", context)


@page
@step_up
def approve(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The second person's word, once who it is was proved again."""
    listed = fetch_or_404(LISTS, request.actor, Permission.REVIEW_OPENINGS, pk=pk)
    if request.method != "POST":
        return redirect("retention:list", pk)
    actions.approve_disposal(listed, by=request.actor)
    messages.success(request, _("Approved. It can be cancelled until the waiting time is over."))
    return redirect("retention:list", pk)


@require_POST
def refuse(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The second person does not agree."""
    listed = fetch_or_404(LISTS, request.actor, Permission.REVIEW_OPENINGS, pk=pk)
    actions.refuse_disposal(listed, by=request.actor)
    messages.success(request, _("Refused. Nothing on it is disposed of."))
    return redirect("retention:list", pk)


@require_POST
def cancel(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take it back."""
    listed = fetch_or_404(LISTS, request.actor, Permission.TRIAGE, pk=pk)
    actions.cancel_disposal(listed, by=request.actor)
    messages.success(request, _("Cancelled. Nothing more on it is disposed of."))
    return redirect("retention:list", pk)


@require_safe
def certificate(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What was destroyed, when, and from when no backup brings it back."""
    line = fetch_or_404(
        DISPOSALS,
        request.actor,
        *selectors.PERMISSIONS,
        related=("list__listed_by", "list__approved_by", "list__desk"),
        pk=pk,
    )
    return show(request, "retention/disposal/certificate.html", {"line": line})
