"""The people whom a request is about: children, connected people, people who may pose a risk."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.drafting import filled, of_the_requester, way_on
from requests_app.people import actions, selectors
from requests_app.people.forms import AdultForm, ChildForm, PersonForm, initial_of
from requests_app.policies import SUBJECTS
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import InformationRequest

FORMS: dict[str, type[PersonForm]] = {
    **dict.fromkeys(selectors.CHILDREN, ChildForm),
    **dict.fromkeys(selectors.OTHERS, AdultForm),
}


@require_safe
@of_the_requester
def child(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """The children or young people; with none yet, straight to the first."""
    groups = selectors.groups_of(case, selectors.CHILDREN)
    if not groups[0].people:
        return redirect("requests:person_add", case.pk, selectors.CHILDREN[0])
    context = {"case": case, "groups": groups, "back": way_on(request, case.pk)}
    context["title"] = _("The child or young person")
    return show(request, "requests_app/people/people.html", context)


@require_safe
@of_the_requester
def others(request: PortalRequest, case: "InformationRequest") -> HttpResponse:
    """Connected people, and people who may pose a risk."""
    context = {
        "case": case,
        "groups": selectors.groups_of(case, selectors.OTHERS),
        "back": way_on(request, case.pk),
        "title": _("Connected people, and people who may pose a risk"),
    }
    return show(request, "requests_app/people/people.html", context)


@kept_page
@of_the_requester
def person_add(request: PortalRequest, case: "InformationRequest", role: str) -> HttpResponse:
    """Add somebody in this role."""
    if role not in selectors.ROLES:
        raise Http404
    form = filled(request, FORMS[role])
    if form.is_bound and form.is_valid():
        idempotency_key = form.cleaned_data["idempotency_key"]
        actions.add_subject(
            case, by=request.actor, idempotency_key=idempotency_key, role=role, details=form.details
        )
        messages.success(request, selectors.ROLES[role].added)
        return _saved(request, case, role, form)
    context = {"case": case, "role": role, "title": selectors.ROLES[role].add}
    context["back"] = selectors.back_from(case, selectors.ROLES[role].part)
    return show_kept(request, "requests_app/people/person.html", context, form=form)


@kept_page
@of_the_requester
def person_change(request: PortalRequest, case: "InformationRequest", person: UUID) -> HttpResponse:
    """Correct what is said about somebody."""
    row = fetch_or_404(SUBJECTS, request.actor, Permission.SEND_REQUEST, pk=person, case_id=case.pk)
    form = filled(request, FORMS[row.role], initial=initial_of(row))
    if form.is_bound and form.is_valid():
        expected_version = form.cleaned_data["expected_version"]
        actions.change_subject(
            row, by=request.actor, details=form.details, expected_version=expected_version
        )
        return _saved(request, case, row.role, form)
    context = {"case": case, "role": row.role, "title": selectors.ROLES[row.role].change}
    context["back"] = selectors.back_from(case, selectors.ROLES[row.role].part)
    return show_kept(request, "requests_app/people/person.html", context, form=form)


def _saved(
    request: PortalRequest, case: "InformationRequest", role: str, form: PersonForm
) -> HttpResponse:
    """Back to the list, with what looked wrong and was saved all the same."""
    for doubt in form.doubts:
        messages.warning(request, doubt)
    return redirect(f"requests:{selectors.ROLES[role].part}", case.pk)


@page
@of_the_requester
def person_remove(request: PortalRequest, case: "InformationRequest", person: UUID) -> HttpResponse:
    """Take somebody out, once that is confirmed."""
    row = fetch_or_404(SUBJECTS, request.actor, Permission.SEND_REQUEST, pk=person, case_id=case.pk)
    back = selectors.back_from(case, selectors.ROLES[row.role].part)
    if request.method == "POST":
        actions.remove_subject(row, by=request.actor)
        messages.success(request, _("Removed from the request."))
        return redirect(back)
    context = {
        "case": case,
        "title": _("Remove this person from the request?"),
        "what": row.name,
        "back": back,
    }
    return show(request, "requests_app/asking_remove.html", context)
