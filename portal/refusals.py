"""What a person reads when something could not be done; nothing they typed is lost."""

import logging
import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from encryption.errors import FileTaken, KeyDestroyed, KeyMissing, SealBroken, StaleRow
from workflow.moves import MoveRefused

logger = logging.getLogger(__name__)

NEVER_SHOWN = frozenset({"csrfmiddlewaretoken", "acting_for", "once", "password", "login"})
SHORTEST_KEPT = 12  # characters: codes and ticks need not be kept, what was typed does
PICKED = re.compile(r"[0-9a-f-]{36}|[a-z]+(?:_[a-z]+)+")  # an id or a code from a list


class RefusalMiddleware:
    """Turns what the floors below raise into a page, once, here, and not in every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for what we know; anything else goes on as the fault it is."""
        if isinstance(error, MoveRefused):
            return too_late(request, str(error))
        if isinstance(error, StaleRow | FileTaken):
            return too_late(request, _("Somebody else changed this while you had it open."))
        if isinstance(error, KeyDestroyed):
            return render(request, "errors/disposed.html", status=410)
        if isinstance(error, KeyMissing | SealBroken):
            logger.error("a record cannot be opened", exc_info=error)
            return render(request, "errors/cannot_open.html", status=503)
        return None


def too_late(request: HttpRequest, what: str) -> HttpResponse:
    """What happened, and the text that was typed, to copy."""
    context = {"what": what, "kept": kept_text(request), "back": way_back(request)}
    return render(request, "errors/too_late.html", context, status=409)


def posted(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form sent, field by field; files are not among it."""
    return [(name, str(value)) for name, values in request.POST.lists() for value in values]


def kept_text(request: HttpRequest) -> list[tuple[str, str]]:
    """The longer texts of a posted form, each with the name of its field."""
    return longer_texts(posted(request))


def longer_texts(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that somebody typed rather than chose, each with its name as words."""
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in fields
        if name not in NEVER_SHOWN and len(value) >= SHORTEST_KEPT and not PICKED.fullmatch(value)
    ]


def way_back(request: HttpRequest) -> str:
    """The page that the form stood on, if it was one of ours; the start otherwise."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return urlsplit(referer).path or "/"
    return "/"
