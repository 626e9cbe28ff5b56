"""Opens the session of each request, and notes that it is in use."""

from django.conf import settings
from django.contrib.sessions import middleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse

from sessions.browsers import described
from sessions.store import SessionStore


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's, with a note of the browser and of the last use.

    A view that is ``quiet`` asks how long a session lasts, and does not prolong it.
    """

    def process_request(self, request: HttpRequest) -> None:
        """A session for the key that the browser sent."""
        super().process_request(request)
        assert isinstance(request.session, SessionStore)
        request.session.browser = described(request.headers.get("User-Agent", ""))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Note the use, unless the session is about to be saved, which notes it too.

        Whoever ends their own session by what they do, such as giving up a role, gets the
        answer to it all the same; so does somebody whose session ended meanwhile.
        """
        session = getattr(request, "session", None)
        if isinstance(session, SessionStore) and not session.modified and not is_quiet(request):
            session.touch()
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
            return response


def is_quiet(request: HttpRequest) -> bool:
    """Whether the page asked for is no use of the session."""
    match = request.resolver_match
    return match is not None and getattr(match.func, "quiet", False)
