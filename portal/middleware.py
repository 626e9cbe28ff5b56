"""Middleware that belongs to no room: one unit of work a request, and nothing kept by browsers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from encryption.casekeys import key_cache

GetResponse = Callable[[HttpRequest], HttpResponseBase]


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
