"""What a person reads while a server or the disk is gone: when to try again, and what they typed.

A fault may come from any part of a request, also before it is known who asks. So this page asks no
database, and stands where Django's page of a fault would (docs/adr/0091).
"""

import errno
import sqlite3
import sys
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.views.defaults import server_error

from encryption.errors import StoreFault
from portal.refusals import SOON, kept_text
from workflow.rate_limits import TooMany

logger = structlog.get_logger(__name__)

UNAVAILABLE: Final = 503
A_WHILE: Final = 30  # seconds
# Of PostgreSQL's codes: no connection, no room, ended by its keeper, the other one went first,
# a lock that did not come, its own disk; and a standby that takes nothing.
CLASSES: Final = ("08", "40", "53", "57", "58")
CODES: Final = ("25006", "55P03")
OF_SQLITE: Final = ("locked", "disk", "unable to open", "readonly")
OF_THE_DISK: Final = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EROFS,
    errno.ENFILE,
    errno.EMFILE,
    errno.ENOMEM,
    errno.ESTALE,
    errno.ENOTCONN,
    errno.EACCES,
}


def fault(request: HttpRequest) -> HttpResponse:
    """Django's page of a fault, or, where something is only gone for now, what to do meanwhile."""
    error = sys.exc_info()[1]
    if isinstance(error, TooMany):
        return _page(request, "errors/too_many.html", SOON)
    if error is not None and is_passing(error):
        logger.error("something_is_gone", kind=type(error).__name__)
        return _page(request, "errors/unavailable.html", A_WHILE)
    return server_error(request)


def is_passing(error: BaseException) -> bool:
    """Whether it says that a server or the disk is gone or full, and not that we made a mistake."""
    if isinstance(error, UnreadablePostError):
        return False
    if isinstance(error, OSError):
        return error.errno in OF_THE_DISK
    if isinstance(error, StoreFault):  # until whoever runs the portal has put the bucket right
        return True
    return isinstance(error, DatabaseError | InterfaceError) and _is_of_the_server(error)


def _is_of_the_server(error: Exception) -> bool:
    if isinstance(error.__cause__, sqlite3.Error):
        return any(words in str(error.__cause__) for words in OF_SQLITE)
    code = getattr(error.__cause__, "pgcode", None)
    if code:
        return code.startswith(CLASSES) or code in CODES
    # Without a code it is of the library, which lost the connection or got none.
    return isinstance(error, OperationalError | InterfaceError | InternalError) or (
        type(error) is DatabaseError
    )


def _page(request: HttpRequest, template: str, seconds: int) -> HttpResponse:
    context = {
        "sent": request.method == "POST",
        "kept": _typed(request),
        "had_files": request.method == "POST" and bool(getattr(request, "_files", None)),
    }
    response = HttpResponse(render_to_string(template, context), status=UNAVAILABLE)
    response.headers["Retry-After"] = str(seconds)
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was in the form, if it was one of ours: another site could write what it likes here."""
    if request.method != "POST":
        return []
    try:
        own = f"{request.scheme}://{request.get_host()}"
        return kept_text(request) if request.headers.get("Origin", own) == own else []
    except Exception as fault:  # noqa: BLE001 - a form that cannot be read: the page comes all the same
        logger.warning("form_not_read", kind=type(fault).__name__)
        return []
