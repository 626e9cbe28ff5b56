"""The guidance: read and acknowledged by everybody, kept by administrators."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.guidance import actions, selectors
from agencies.guidance.forms import GuidanceForm, ReadForm
from agencies.http import PortalRequest
from agencies.people.forms import sure_form
from agencies.permissions import Permission
from agencies.policies import GUIDANCE, PUBLISHED
from workflow.acting import IN_OWN_NAME
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show


@require_safe
def guidance(request: PortalRequest) -> HttpResponse:
    """The one in force, to read; and to say that one has."""
    found = selectors.in_force()
    given = found is not None and selectors.has_acknowledged(request.user, found)
    context = {
        "guidance": found,
        "given": given,
        "blocks": selectors.blocks(found.text if found else ""),
    }
    return show(request, "agencies/guidance/guidance.html", context, form=ReadForm())


@page
def acknowledge(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Say that one has read it."""
    if request.method != "POST":
        return redirect("agencies:guidance")
    found = fetch_or_404(PUBLISHED, request.actor, IN_OWN_NAME, pk=pk)
    form = ReadForm(request.POST)
    if form.is_valid():
        actions.acknowledge(found, by=request.actor)
        messages.success(request, _("You have acknowledged the guidance."))
        return redirect("home")
    context = {"guidance": found, "given": False, "blocks": selectors.blocks(found.text)}
    return show(request, "agencies/guidance/guidance.html", context, form=form)


@require_safe
def versions(request: PortalRequest) -> HttpResponse:
    """Every version, for those who keep it."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    return show(request, "agencies/guidance/list.html", {"versions": selectors.versions()})


@page
def draft(request: PortalRequest) -> HttpResponse:
    """Begin a draft from the one in force."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    now = selectors.in_force()
    initial = {"title": now.title, "text": now.text} if now else {}
    posted = request.method == "POST"
    form = GuidanceForm(request.POST) if posted else GuidanceForm(initial=initial)
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("idempotency_key", "title", "text")}
        made = actions.draft_guidance(by=request.actor, **said)
        messages.success(request, _("The draft was saved."))
        return redirect("agencies:guidance_version", made.pk)
    return show(request, "agencies/guidance/draft.html", {}, form=form)


@page
def change(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Change a draft."""
    found = fetch_or_404(GUIDANCE, request.actor, Permission.ADMINISTER, pk=pk)
    initial = {"title": found.title, "text": found.text, "expected_version": found.version}
    posted = request.method == "POST"
    form = GuidanceForm(request.POST) if posted else GuidanceForm(initial=initial)
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("title", "text", "expected_version")}
        actions.change_guidance(found, by=request.actor, **said)
        messages.success(request, _("The draft was saved."))
        return redirect("agencies:guidance_version", pk)
    return show(request, "agencies/guidance/draft.html", {"guidance": found}, form=form)


@page
def version(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One version as people read it; a draft can be brought into force from here."""
    found = fetch_or_404(GUIDANCE, request.actor, Permission.ADMINISTER, pk=pk)
    label = _("Everybody has to read and acknowledge this text before they open a case again")
    form = sure_form(request, label)
    if form.is_bound and form.is_valid():
        actions.bring_into_force(found, by=request.actor)
        messages.success(request, _("The guidance is in force."))
        return redirect("agencies:guidance_versions")
    context = {"guidance": found, "blocks": selectors.blocks(found.text)}
    return show(request, "agencies/guidance/version.html", context, form=form)
