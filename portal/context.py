"""What every page's frame needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from agencies.partnership.selectors import the_partnership
from authentication.sessions.selectors import how_long
from portal.navigation import navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    """The partnership's names, the way around, and the agency acted for."""
    actor = getattr(request, "actor", None)
    context: dict[str, Any] = {
        "partnership": SimpleLazyObject(the_partnership),
        "single_sign_on": bool(settings.SSO.providers),
    }
    if getattr(request, "user", None) and request.user.is_authenticated:
        warning = int(settings.SESSION_WARNING.total_seconds())
        context["session_ends"] = {**how_long(request), "warning": warning}
    if actor is not None:
        context["navigation"] = navigation(actor, request.path)
        context["acting"] = {
            "current": actor.agency,
            "choices": getattr(request, "acting_choices", []),
        }
    return context
