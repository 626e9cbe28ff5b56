"""What a person reads when something could not be done; nothing they typed is lost."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from encryption.errors import (
    FileTaken,
    KeyDestroyed,
    KeyMissing,
    KeyringFault,
    SealBroken,
    StaleRow,
)
from portal.labels import labelled
from requests_app.choices import DETAILS
from workflow.clean import showable
from workflow.rate_limits import TooMany
from workflow.transitions import TransitionRefused

logger = logging.getLogger(__name__)

# What pages send by themselves, and what must never be seen.
NEVER_SHOWN = frozenset(
    {
        "csrfmiddlewaretoken",
        "acting_for",
        "filled_in_by",
        "idempotency_key",
        "expected_version",
        "state",
        "password",
        "password_again",
        "login",
        "code",
        "credential",
    }
)
SOON = 10  # seconds
A_PERSON = re.compile(r"person_[0-9]+")  # on the page that sends an agency check
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # a person or row from a list


class RefusalMiddleware:
    """Turns what the floors below raise into a page, once, here, and not in every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for what we know; anything else goes on as the fault it is."""
        if isinstance(error, TransitionRefused | StaleRow | FileTaken):
            changed = _("Somebody else changed this while you had it open.")
            return too_late(
                request, str(error) if isinstance(error, TransitionRefused) else changed
            )
        if isinstance(error, PermissionDenied) and request.method == "POST":
            return with_kept(request, "errors/not_allowed.html", status=403)
        if isinstance(error, KeyDestroyed):
            return with_kept(request, "errors/disposed.html", status=410)
        if isinstance(error, KeyMissing | KeyringFault | SealBroken):
            logger.error("a record cannot be opened", exc_info=error)
            return _to_try_again(with_kept(request, "errors/cannot_open.html", status=503))
        if isinstance(error, TooMany):
            return _to_try_again(with_kept(request, "errors/busy.html", status=503))
        return None


def _to_try_again(response: HttpResponse) -> HttpResponse:
    response.headers["Retry-After"] = str(SOON)
    return response


def too_late(request: HttpRequest, what: str) -> HttpResponse:
    """What happened, and how to see how it stands now."""
    return with_kept(request, "errors/too_late.html", status=409, what=what, back=way_back(request))


def with_kept(request: HttpRequest, template: str, *, status: int, **more: Any) -> HttpResponse:
    """A page with what was typed, to copy."""
    return render(request, template, {"kept": kept_text(request), **more}, status=status)


def posted(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form sent, field by field; files are not among it."""
    lists = request.POST.lists()
    return [(name, showable(str(value))) for name, values in lists for value in values]


def kept_text(request: HttpRequest) -> list[tuple[str, str]]:
    """What stood in a posted form, each with the label of its field."""
    return to_read(request.path, posted(request))


def to_read(path: str, fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody may have typed, with labels, and choices in their words.

    From here a word that was typed cannot be told from a choice, so choices are there too:
    rather a word too many than one lost.
    """
    shown = [
        (name, value)
        for name, value in fields
        if name.rpartition("-")[2] not in NEVER_SHOWN  # of a form that is one of several
        and "password" not in name
        and value.strip()
        and not is_a_code(name, value)
    ]
    return labelled(path, shown)


def is_a_code(name: str, value: str) -> bool:
    """Whether nobody can have typed it: an id, or the tick of a detail of a person or of a fact."""
    is_tick = A_PERSON.fullmatch(name) is not None and value in DETAILS
    is_tick |= name == "needs" and value.isdecimal()
    return is_tick or AN_ID.fullmatch(value) is not None


def way_back(request: HttpRequest) -> str:
    """The page that the form stood on, if it was one of ours; the start otherwise."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        # One slash only: two would begin the address of another host.
        return "/" + urlsplit(referer).path.lstrip("/")
    return "/"
