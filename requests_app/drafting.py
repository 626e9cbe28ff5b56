"""What all pages of a request in the making share: whose it is, and where one goes on to."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.policies import REQUESTS
from workflow.gateway import fetch_or_404

View = Callable[..., HttpResponse]
AForm = TypeVar("AForm", bound=BaseForm)
REVIEW = "review"


def of_the_requester(view: View) -> View:
    """A page of a request that its requester fills in; the view gets the request itself.

    Once the request has been sent, its pages lead back to it. What is posted all the same goes
    on to the transition, which refuses it and keeps what was typed.
    """

    @wraps(view)
    def fetched(request: PortalRequest, pk: UUID, **more: Any) -> HttpResponse:
        related, may = ("agency",), Permission.SEND_REQUEST
        case = fetch_or_404(REQUESTS, request.actor, may, related=related, pk=pk)
        if request.method != "POST" and not case.is_with_requester:
            return redirect("requests:case", pk)
        return view(request, case, **more)

    return fetched


def filled(request: PortalRequest, form: type[AForm], **kwargs: Any) -> AForm:
    """The form, with what was sent if something was.

    Say what it begins with (``initial``) for a form that was sent too: to say it is to open what is
    there, and what does not open is not written over.
    """
    if request.method == "POST":
        return form(request.POST, request.FILES, **kwargs)
    return form(**kwargs)


def way_on(request: PortalRequest, pk: UUID, other: str = "requests:case") -> str:
    """Where to go after a page: to "check your answers" for whoever came from there."""
    to_review = request.GET.get("next") == REVIEW
    return reverse("requests:review" if to_review else other, args=[pk])
