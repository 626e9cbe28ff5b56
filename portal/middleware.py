"""Middleware that belongs to no app: what may come in, one unit of work, nothing kept."""

import codecs
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

from encryption.unit_of_work import key_cache
from outbox.waking import one_wake_up
from workflow.files import worth_scanning
from workflow.rls_session import rls_session
from workflow.scanning import look_through

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PlainTextMiddleware:
    """Takes text as browsers send it: forms in UTF-8, and cookies without control characters.

    A form in another character set could bring in half characters, which nothing can keep, and
    a cookie NUL, which the database refuses: either would be a fault and not an answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("a form in another character set than UTF-8")
        kept = {name: text for name, text in request.COOKIES.items() if text.isprintable()}
        request.COOKIES = kept
        return self.get_response(request)


class UnitOfWorkMiddleware:
    """Keep opened case keys for the length of one request, and no longer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with key_cache():
            return self.get_response(request)


class OneWakeUpMiddleware:
    """Wake the workers once a request, after all of it that was committed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with one_wake_up():
            return self.get_response(request)


class ScanMiddleware:
    """Has the files of a form looked through before the page's transaction begins.

    So a slow scanner holds no lock and no row. Only what somebody who acts for an agency posts to
    a view that takes files, and of that only what its form could take.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, *_more: Any) -> None:
        """Note on each file what is known of it; the form says so, and refuses it."""
        form = getattr(view, "takes_files", None)
        if form and request.method == "POST" and getattr(request, "actor", None) is not None:
            look_through(worth_scanning(form, request.FILES), person=str(request.user.pk))


class RlsSessionMiddleware:
    """One transaction a page, in which the database shows what the person can reach.

    It begins once it is known who acts for which agency, so that a page for visitors needs no
    database. A refusal is an answer, so what it leaves behind is kept; what a failed action did
    was rolled back by the action itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        with ExitStack() as request.rls_session:
            return self.get_response(request)

    def process_view(self, request: Any, *_view: Any) -> None:
        """Begin, where somebody acts."""
        if (actor := getattr(request, "actor", None)) is not None:
            request.rls_session.enter_context(rls_session(actor))


class NothingKeptMiddleware:
    """Forbid browsers and proxies to keep any page; static files are served before this."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response
