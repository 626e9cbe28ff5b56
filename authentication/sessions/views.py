"""Where one is signed in, and how long this session lasts."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from authentication.sessions.selectors import how_long, sittings_of
from sessions.actions import end_all_sessions, end_session
from workflow.pages import show


@require_safe
def yours(request: PortalRequest) -> HttpResponse:
    """Each browser in which one is signed in."""
    sittings = sittings_of(request.user, here=request.session)
    return show(request, "authentication/sessions/sessions.html", {"sittings": sittings})


@require_POST
def end(request: PortalRequest, number: UUID) -> HttpResponse:
    """Sign out one other browser; a second click finds it gone, which is what was wanted."""
    here = getattr(request.session, "row", None)
    if here is not None and here.number == number:
        return redirect("account_logout")
    end_session(request.user, number)
    messages.success(request, _("That browser is signed out."))
    return redirect("your_sessions")


@require_POST
def end_others(request: PortalRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    end_all_sessions(request.user, but=request.session.session_key or "")
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("your_sessions")


@login_not_required
@require_safe
def left(request: HttpRequest) -> JsonResponse:
    """How many seconds are left, for the page's own warning; asking does not prolong it."""
    return JsonResponse(how_long(request, touched=False))


left.quiet = True  # type: ignore[attr-defined]


@login_not_required
@require_POST
def stay(request: HttpRequest) -> JsonResponse:
    """Stay signed in: a use of the session like any other."""
    return JsonResponse(how_long(request))
