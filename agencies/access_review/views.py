"""The quarterly access review of an agency."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from agencies.access_review.actions import review_access
from agencies.access_review.forms import ReviewForm
from agencies.access_review.selectors import confirmed_from_today, review_rows, to_review
from agencies.http import PortalRequest
from agencies.permissions import Permission
from agencies.policies import WITH_PEOPLE
from workflow.gateway import fetch_or_404
from workflow.pages import page, show
from workflow.step_up import step_up


@page
@step_up
def review(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Confirm or lapse each member's access."""
    agency = fetch_or_404(WITH_PEOPLE, request.actor, Permission.MANAGE_PEOPLE, pk=pk)
    members = list(to_review(agency))
    others = [each for each in members if each.user_id != request.user.pk]
    posted = request.method == "POST"
    form = ReviewForm(request.POST, members=others) if posted else ReviewForm(members=others)
    if form.is_bound and form.is_valid():
        done = review_access(agency, by=request.actor, said=form.said())
        said = ngettext("%s person was reviewed.", "%s people were reviewed.", done)
        messages.success(request, said % done)
        return redirect("agencies:people_of", pk)
    context = {
        "agency": agency,
        "rows": review_rows(members, form),
        "until": confirmed_from_today(),
    }
    return show(request, "agencies/access_review/review.html", context, form=form)
