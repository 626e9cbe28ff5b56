"""The page of sent mail, so that a look round needs no mail server."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from demo.mail import sent_emails
from workflow.pages import show


@login_not_required
@require_safe
def sent_mail(request: HttpRequest) -> HttpResponse:
    """Every e-mail that went out, newest first; they name and describe nobody."""
    return show(request, "portal/sent_mail.html", {"emails": sent_emails()})
