"""An agency's disclosure log, to read and to take out (ISA-4.3-RECORD, ISA-6.3)."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.permissions import May
from decisions.copies import MOST, copy_of, file_name
from decisions.forms.disclosures import KINDS, ExportForm, LogForm
from decisions.lists import disclosures as lists
from workflow.doors import hold_or_404, note_all_read
from workflow.finding import note_all_exported
from workflow.pages import show
from workflow.spreadsheets import TYPES
from workflow.step_up import step_up


@require_safe
def disclosures(request: PortalRequest) -> HttpResponse:
    """What the agency shared and did not share, narrowed as was asked."""
    hold_or_404(request.actor, May.OVERSEE)
    recipients = lists.recipients_of(request.actor)
    form = LogForm(request.GET or None, recipients=recipients)
    return _log(request, form)


@require_POST
@step_up
def export(request: PortalRequest) -> HttpResponse:
    """The same as a file, once who it is was proved again; each decision in it is noted."""
    actor = request.actor
    hold_or_404(actor, May.OVERSEE)
    form = ExportForm(request.POST, recipients=lists.recipients_of(actor))
    if form.is_valid() and lists.recorded(actor, form.wanted).count() > MOST:
        form.add_error(None, _("This is too much for one file. Choose fewer days."))
    if not form.is_valid():
        return _log(request, form)
    rows, kind = lists.all_of(actor, form.wanted, MOST), form.cleaned_data["kind"]
    note_all_exported([actor.agency, *(row.decision for row in rows)], actor, May.OVERSEE)
    response = HttpResponse(copy_of(actor.agency, rows, kind), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{file_name(kind)}"'
    return response


def _log(request: PortalRequest, form: LogForm) -> HttpResponse:
    page = lists.log_of(request.actor, form.wanted, request.GET.get("after", ""))
    note_all_read((row.decision for row in page.rows), request.actor, May.OVERSEE)
    context = {"page": page, "agency": request.actor.agency, "kinds": KINDS, "most": f"{MOST:,}"}
    return show(request, "decisions/disclosures.html", context, form=form)
