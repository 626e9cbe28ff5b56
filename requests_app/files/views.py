"""The files of a request: added, taken out, and downloaded by whoever may read the request."""

from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies.http import PortalRequest
from agencies.permissions import Permission
from audit.record import Kind
from encryption.files import open_file
from encryption.uploads import KINDS
from requests_app.drafting import filled, of_the_requester, way_on
from requests_app.files import actions
from requests_app.files.forms import FilesForm
from requests_app.policies import ATTACHMENTS
from requests_app.selectors import files_of
from workflow.files import takes_files
from workflow.gateway import fetch_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import Attachment, InformationRequest

READERS = (Permission.SEND_REQUEST, Permission.TRIAGE, Permission.OVERSEE)
KEPT = "kept"
LONGEST_NAME = 120


@takes_files(FilesForm)
@page
@of_the_requester
def files(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """The files of the request, and a form to add more."""
    form = filled(request, FilesForm)
    if form.is_bound and form.is_valid():
        actions.attach_files(case, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Files added."))
        return redirect("requests:files", case.pk)
    context = {"case": case, "files": files_of(case), "back": way_on(request, case.pk)}
    return show(request, "requests_app/files/files.html", context, form=form)


@page
@of_the_requester
def file_remove(request: PortalRequest, case: "InformationRequest", file: UUID) -> HttpResponse:
    """Take a file out, once that is confirmed."""
    row = fetch_or_404(
        ATTACHMENTS, request.actor, Permission.SEND_REQUEST, pk=file, case_id=case.pk
    )
    back = reverse("requests:files", args=[case.pk])
    if request.method == "POST":
        actions.remove_file(row, by=request.actor)
        messages.success(request, _("File removed from the request."))
        return redirect(back)
    context = {"case": case, "title": _("Remove this file?"), "what": row.name, "back": back}
    return show(request, "requests_app/asking_remove.html", context)


@require_GET
def download(request: PortalRequest, pk: UUID, file: UUID) -> HttpResponseBase:
    """One file, as a download that no browser opens in the portal's name (P-SECURE)."""
    lookup: dict[str, Any] = {"pk": file, "case_id": pk, "status": KEPT}
    row = fetch_or_404(ATTACHMENTS, request.actor, *READERS, kind=Kind.DOWNLOADED, **lookup)
    # The first chunk is opened here: what does not open gets a page, not half a file.
    content = open_file(case_id=row.case_id, file_id=row.pk)
    answer = StreamingHttpResponse(content, content_type="application/octet-stream")
    name = safe_name(row)
    answer.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=name)
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def safe_name(file: "Attachment") -> str:
    """A name under which a file may be saved anywhere: no folders, and the ending of its kind."""
    name = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in file.name)
    path = PurePath(name.strip(" .") or "file")
    kind = KINDS[file.kind]
    suffix = path.suffix if path.suffix.lower() in kind.suffixes else kind.suffixes[0]
    return f"{path.stem[:LONGEST_NAME]}{suffix}"
