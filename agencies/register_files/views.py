"""The register as files: taken out, checked line by line, and brought in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agencies.register.policies import AGENCIES, PARTNERSHIP
from agencies.register_files import columns
from agencies.register_files.actions import bring_in
from agencies.register_files.forms import ChooseForm, ConfirmForm
from agencies.register_files.import_export import MOST_ROWS, written
from audit.record import Kind
from workflow.files import takes_files
from workflow.gateway import fetch_or_404, require_permission_or_404
from workflow.pages import page, show
from workflow.spreadsheets import TYPES
from workflow.step_up import step_up

PAGE = "agencies/register_files/import_or_export.html"


@takes_files(ChooseForm)
@page
@step_up
def import_or_export(request: PortalRequest) -> HttpResponse:
    """Take the register out, or have a file checked; nothing is changed here."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    posted = request.method == "POST"
    form = ChooseForm(request.POST, request.FILES) if posted else ChooseForm()
    if form.is_bound and form.is_valid():
        report, confirm = form.cleaned_data["file"], form.to_confirm(request.actor)
        context = {"report": report, "confirm": confirm}
        return show(request, "agencies/register_files/report.html", context)
    return show(request, PAGE, {"columns": columns.COLUMNS, "most": MOST_ROWS}, form=form)


@require_POST
@step_up
def bring(request: PortalRequest) -> HttpResponse:
    """Do what the report said."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    form = ConfirmForm(request.POST, by=request.actor)
    if not form.is_valid():
        return show(request, PAGE, {"columns": columns.COLUMNS, "most": MOST_ROWS}, form=form)
    new, changed = bring_in(**form.cleaned_data["report"], by=request.actor)
    said = _("The file is imported: %(new)s new, %(changed)s changed.")
    nothing = _("Everything in the file is already on the register.")
    words = said % {"new": new, "changed": changed} if new or changed else nothing
    messages.success(request, words)
    return redirect("agencies:register")


@require_POST
@step_up
def export(request: PortalRequest) -> HttpResponse:
    """The whole register as one file; that it was taken out is noted."""
    fetch_or_404(PARTNERSHIP, request.actor, Permission.ADMINISTER, kind=Kind.EXPORTED)
    kind = "xlsx" if request.POST.get("kind") == "xlsx" else "csv"
    agencies = columns.with_holders(AGENCIES.scope(request.actor, Permission.ADMINISTER))
    rows = ([line.values[name] for name in columns.COLUMNS] for line in columns.lines(agencies))
    response = HttpResponse(written(kind, columns.COLUMNS, rows), content_type=TYPES[kind])
    name = f"register-{timezone.localdate():%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
