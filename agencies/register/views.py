"""The register for those who keep it: the list, one agency, adding and changing."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agencies.register import actions, selectors
from agencies.register.forms import (
    CALLED,
    AddAgencyForm,
    AgencyForm,
    ClosureForm,
    FindForm,
    PostForm,
    wanted,
)
from agencies.register.policies import AGENCIES, CLOSURES
from agencies.register.timeline import timeline
from agencies.register.transitions import AGENCY
from agencies.second_person.selectors import domains_waiting
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show
from workflow.step_up import step_up

if TYPE_CHECKING:
    from agencies.models import Agency


def the_agency(request: PortalRequest, pk: UUID) -> "Agency":
    """The agency, for whoever keeps the register."""
    return fetch_or_404(AGENCIES, request.actor, Permission.ADMINISTER, pk=pk)


@require_safe
def register(request: PortalRequest) -> HttpResponse:
    """Every agency, by name, kind and state."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    asked = wanted(request.GET)
    if request.GET.get("missing"):
        asked["missing"] = "1"
    found = selectors.kept(request.actor, asked, request.GET.get("after", ""))
    missing = selectors.missing_posts(request.actor).count()
    find = FindForm(initial=asked)
    context = {"find": find, "found": found, "wanted": asked, "missing": missing}
    return show(request, "agencies/register/register.html", context)


@page
@step_up
def add(request: PortalRequest) -> HttpResponse:
    """Put an agency on the register."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    form = AddAgencyForm(request.POST) if request.method == "POST" else AddAgencyForm()
    if form.is_bound and form.is_valid():
        idempotency_key, values, posts = (
            form.cleaned_data["idempotency_key"],
            form.values(),
            form.posts(),
        )
        row = actions.list_agency(
            by=request.actor, idempotency_key=idempotency_key, values=values, posts=posts
        )
        messages.success(request, _("%(agency)s is on the register.") % {"agency": row})
        return redirect("agencies:agency", row.pk)
    return show(request, "agencies/register/add.html", form=form)


@require_safe
def agency(request: PortalRequest, pk: UUID) -> HttpResponse:
    """All that the register says of one agency, and what can be done with it."""
    row = the_agency(request, pk)
    names = ("change", "leave", "merge")
    context = {
        "listed": selectors.listed(row),
        "people": selectors.members_by_status(row),
        "timeline": timeline(row),
        "can": {name: AGENCY.can(name, row, by=request.actor) for name in names},
    }
    return show(request, "agencies/register/agency.html", context)


@page
@step_up
def change(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Correct what is said of an agency."""
    row = the_agency(request, pk)
    posted = request.POST if request.method == "POST" else None
    if posted is None and not AGENCY.can("change", row, by=request.actor):
        return redirect("agencies:agency", pk)
    form = AgencyForm(posted, agency=row)
    if form.is_bound and form.is_valid():
        expected_version = form.cleaned_data["expected_version"]
        actions.change_agency(
            row, by=request.actor, values=form.values(), expected_version=expected_version
        )
        said = _("The details of %(agency)s are saved.") % {"agency": row}
        if domains := domains_waiting(row):
            waits = _("A second person has to confirm: %s.") % ", ".join(sorted(domains))
            said = f"{said} {waits}"
        messages.success(request, said)
        return redirect("agencies:agency", pk)
    return show(request, "agencies/register/change.html", {"agency": row}, form=form)


@page
@step_up
def post(request: PortalRequest, pk: UUID, post: str) -> HttpResponse:
    """Say who holds a post from now on."""
    row = the_agency(request, pk)
    if post not in CALLED:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    if posted is None and not AGENCY.can("change", row, by=request.actor):
        return redirect("agencies:agency", pk)
    form = PostForm(
        posted, post=post, initial={"expected_version": selectors.held_so_far(row, post)}
    )
    if form.is_bound and form.is_valid():
        actions.fill_post(row, by=request.actor, post=post, **form.asks())
        said = _("The new %(post)s is on the register.") % {"post": CALLED[post]}
        messages.success(request, said)
        return redirect("agencies:agency", pk)
    context = {"agency": row, "post": CALLED[post], "holder": selectors.holder_of(row, post)}
    return show(request, "agencies/register/post.html", context, form=form)


@page
def close(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Note days on which the agency is closed."""
    row = the_agency(request, pk)
    posted = request.POST if request.method == "POST" else None
    if posted is None and not AGENCY.can("change", row, by=request.actor):
        return redirect("agencies:agency", pk)
    form = ClosureForm(posted)
    if form.is_bound and form.is_valid():
        actions.plan_closure(row, by=request.actor, **form.cleaned_data)
        messages.success(request, _("The closure of %(agency)s is noted.") % {"agency": row})
        return redirect("agencies:agency", pk)
    return show(request, "agencies/register/close.html", {"agency": row}, form=form)


@require_POST
def withdraw_closure(request: PortalRequest, pk: UUID, closure: UUID) -> HttpResponse:
    """Take a closure back."""
    row = the_agency(request, pk)
    found = fetch_or_404(CLOSURES, request.actor, Permission.ADMINISTER, pk=closure, agency=row)
    actions.withdraw_closure(found, by=request.actor)
    messages.success(request, _("The closure is withdrawn."))
    return redirect("agencies:agency", pk)
