"""Leads somebody whose proof is too old to give a new one, and then back (docs/adr/0053)."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.form_recovery import ask_first
from workflow.step_up import StepUpNeeded

ASKS = "account_reauthenticate"


class ProveAgainMiddleware:
    """Turns ``StepUpNeeded`` into the way to the page that asks.

    What was posted is kept as for an ended session, sealed for this browser alone; the sign-in
    library's own way would write it into the session in clear.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The way to the proof, with what was posted kept."""
        if not isinstance(error, StepUpNeeded):
            return None
        if request.method == "POST":
            return ask_first(request, ASKS, "portal/prove_again.html")
        return redirect_to_login(request.get_full_path(), reverse(ASKS))
