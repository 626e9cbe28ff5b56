"""Who acts, and for which agency: decided once for each request."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agencies.acting import actor_at, agencies_of, places_at_sign_in
from agencies.models import Agency, User
from agencies.people.missing import lacking, who_mends
from agencies.second_person.selectors import waits_for
from authentication.mfa.middleware import has_proved_themselves
from portal.refusals import too_late, with_kept

View = TypeVar("View", bound=Callable[..., Any])
SESSION_KEY = "acting_for"
# Pages about oneself, before it matters for which agency one acts.
OF_THE_LIBRARY = ("allauth.", "authentication.mfa.views")
CASE_ROOMS = {"requests_app", "decisions"}
FORM_FIELD = "acting_for"  # the agency for which the page was opened, see portal_forms


class ActingMiddleware:
    """Sets ``request.actor``: the person, and the agency chosen in the header.

    A form is posted for the agency for which its page was opened, whatever has been chosen
    in another tab since; if that one is no longer theirs, nothing is done for any other.
    The grants are read afresh for each request, so a role that is taken away is gone on
    the very next one. Somebody without any agency gets a page that says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Find the agency acted for once the person is known and a page of ours is asked."""
        if not request.user.is_authenticated or view.__module__.startswith(OF_THE_LIBRARY):
            return None
        if not getattr(view, "login_required", True):
            if getattr(view, "shows_the_menu", False) and has_proved_themselves(request):
                set_acting(request)
            return None
        chosen = set_acting(request)
        if chosen is None:
            waiting = waits_for(request.user)
            return render(request, "errors/no_agency.html", {"waiting": waiting}, status=403)
        if request.POST.get(FORM_FIELD, str(chosen.pk)) != str(chosen.pk):
            return too_late(request, _("You no longer act for the agency of this page."))
        if is_about_cases(view) and not request.standing.opens_cases:
            return not_yet(request)
        return None


def for_everybody(view: View) -> View:
    """Mark a page that is open to visitors, and shows whoever is signed in the usual menu."""
    view.shows_the_menu = True  # type: ignore[attr-defined]  # read above
    return login_not_required(view)


def set_acting(request: Any) -> Agency | None:
    """Note on the request who acts, and for which agency; None where there is none."""
    assert isinstance(request.user, User)
    places = [each for each in places_at_sign_in(request.user) if each.lets_in]
    request.acting_choices = [each.agency for each in places]
    wanted = request.POST.get(FORM_FIELD) or request.session.get(SESSION_KEY)
    chosen = chosen_agency(request.acting_choices, wanted)
    if chosen is not None:
        here = next(each for each in places if each.agency == chosen)
        request.standing = here.standing
        request.actor = actor_at(request.user, here)
    return chosen


def not_yet(request: Any) -> HttpResponse:
    """What is missing, what to do about it and who can mend it; nothing typed is lost."""
    missing = lacking(request.standing)
    told = {
        "lacking": missing,
        "keepers": who_mends(missing, request.actor.agency, request.user),
    }
    return with_kept(request, "errors/not_yet.html", status=403, **told)


def is_about_cases(view: Any) -> bool:
    """Whether checks and guidance stand before this page (ISA-7.1, ISA-7.6)."""
    return bool(view.__module__.split(".")[0] in CASE_ROOMS)


def chosen_agency(choices: list[Agency], wanted: str | None) -> Agency | None:
    """The agency that was chosen, if it is still one of theirs, or else their first."""
    return next((each for each in choices if str(each.pk) == wanted), None) or next(
        iter(choices), None
    )


def choose_agency(request: Any, wanted: str) -> bool:
    """Act for another of one's agencies from the next request on; whether it was one."""
    theirs = any(str(each.pk) == wanted for each in agencies_of(request.user))
    if theirs:
        request.session[SESSION_KEY] = wanted
    return theirs
