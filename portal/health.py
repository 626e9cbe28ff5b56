"""What may be asked without signing in: are you alive, can you work, who is told of a weakness?"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.celery import app
from portal.keys import check_keys
from portal.restored import restored_faults

logger = structlog.get_logger(__name__)

SECONDS = 2
STANDS_FOR = timedelta(days=90)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive."""
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether everything needed answers; which part does not stands in the log only."""
    silent = [name for name, ask in PARTS.items() if not _answers(name, ask)]
    if silent:
        return HttpResponse("not ready\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); nothing where the installation names nobody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(timezone.now() + STANDS_FOR).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: en",
        f"Canonical: {settings.PORTAL_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _answers(name: str, ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # whatever is wrong with a part, the answer is "not ready"
        logger.exception("part_not_ready", part=name)
        return False
    return True


def _ask_database(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    if not settings.CELERY_BROKER_URL:
        return  # the embedded default has none
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=SECONDS)


def _ask_whether_proved() -> None:
    if found := restored_faults(connections):
        raise RuntimeError(found[0])


PARTS: dict[str, Callable[[], None]] = {
    "database": lambda: _ask_database("default"),
    "keystore": lambda: _ask_database("keystore"),
    "broker": _ask_broker,
    "keys": check_keys,
    "restore": _ask_whether_proved,
}
