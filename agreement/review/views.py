"""The yearly review of the edition in force (ISA-5.2)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from agencies.permissions import Permission
from agreement.editions import selectors
from agreement.editions.forms import ReviewForm
from agreement.review.actions import record_review
from workflow.gateway import require_permission_or_404
from workflow.pages import page, show


@page
def review(request: PortalRequest) -> HttpResponse:
    """When it is due, what came of it, and what came of those before."""
    require_permission_or_404(request.actor, Permission.AGREE, Permission.ADMINISTER)
    edition = selectors.in_force()
    posted = request.POST if request.method == "POST" and edition else None
    form = ReviewForm(posted, initial={"due_on": edition.review_on if edition else None})
    if edition and form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        given["due_on"] = given["due_on"] or edition.review_on
        made = record_review(edition, by=request.actor, **given)
        messages.success(request, _("Review recorded."))
        if made.leads_to_id:
            return redirect("agreement:edition", made.leads_to_id)
        return redirect("agreement:review")
    context = {
        "edition": edition,
        "left": selectors.days_to_review(edition),
        "reviews": selectors.reviews(),
    }
    return show(request, "agreement/review/review.html", context, form=form)
