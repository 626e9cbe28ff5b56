"""Middleware that belongs to no room: what may come in, one unit of work, nothing kept."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

from encryption.casekeys import key_cache

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


class NothingKeptMiddleware:
    """Forbid browsers and proxies to keep any page; static files are served before this."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response
