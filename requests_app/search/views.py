"""Finding a child by what a caller says (ISA-7.2: a search is a reading, and noted)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.search.forms import CountedForm, SearchForm
from requests_app.search.kept import keep, typed_for
from requests_app.search.selectors import SHOWN, search
from workflow.gateway import require_permission_or_404
from workflow.pages import page, show


@page
def find(request: PortalRequest) -> HttpResponse:
    """Take what somebody types, in the body of a form and never in an address."""
    require_permission_or_404(request.actor, Permission.TRIAGE)
    form = SearchForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return keep(request, form.cleaned_data["typed"])
    return show(request, "requests_app/search/find.html", form=form)


@require_safe
def found(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Who was found, looked for anew each time that the page is asked for."""
    require_permission_or_404(request.actor, Permission.TRIAGE)
    typed = typed_for(request, pk)
    if typed is None:
        messages.info(request, _("That search has ended. Type again what you are looking for."))
        return redirect("requests:find")
    form = CountedForm({"typed": typed}, person=str(request.user.pk))
    results = search(form.terms, request.actor) if form.is_valid() else None
    context = {"most": SHOWN, "results": results}
    return show(request, "requests_app/search/find.html", context, form=form)
