"""An agency's disclosure log, to read and to take out (ISA-4.3-RECORD, ISA-6.3)."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from decisions.disclosure_log import selectors
from decisions.disclosure_log.export import MOST, copy_of, file_name
from decisions.disclosure_log.forms import KINDS, ExportForm, LogForm
from workflow.finding import log_all_exported
from workflow.gateway import require_permission_or_404
from workflow.pages import show
from workflow.spreadsheets import TYPES
from workflow.step_up import step_up


@require_safe
def disclosures(request: PortalRequest) -> HttpResponse:
    """What the agency shared and did not share, narrowed as was asked."""
    require_permission_or_404(request.actor, Permission.OVERSEE)
    recipients = selectors.recipients_of(request.actor)
    form = LogForm(request.GET or None, recipients=recipients)
    return _log(request, form)


@require_POST
@step_up
def export(request: PortalRequest) -> HttpResponse:
    """The same as a file, once who it is was proved again; each decision in it is noted."""
    actor = request.actor
    require_permission_or_404(actor, Permission.OVERSEE)
    form = ExportForm(request.POST, recipients=selectors.recipients_of(actor))
    if form.is_valid() and selectors.recorded(actor, form.wanted).count() > MOST:
        form.add_error(None, _("This is too much for one file. Choose fewer days."))
    if not form.is_valid():
        return _log(request, form)
    rows, kind = selectors.all_of(actor, form.wanted, MOST), form.cleaned_data["kind"]
    log_all_exported([actor.agency, *(row.decision for row in rows)], actor, Permission.OVERSEE)
    response = HttpResponse(copy_of(actor.agency, rows, kind), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{file_name(kind)}"'
    return response


def _log(request: PortalRequest, form: LogForm) -> HttpResponse:
    page = selectors.log_of(request.actor, form.wanted, request.GET.get("after", ""))
    context = {"page": page, "agency": request.actor.agency, "kinds": KINDS, "most": f"{MOST:,}"}
    return show(request, "decisions/disclosure_log/disclosures.html", context, form=form)
