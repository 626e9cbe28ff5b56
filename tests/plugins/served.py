"""Every page is served in the database role of pages, whoever asks and whether anybody does.

What goes before and after the one transaction of whoever acts is a page's too: signing in,
sessions, codes, links. Tests themselves set up and look on as the owner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.db.backends.signals import connection_created
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from workflow import rls_session

HERE = local()


@pytest.fixture(scope="session", autouse=True)
def _pages_in_their_role() -> Iterator[None]:
    serve, tell = BaseHandler.get_response, rls_session._tell

    def served(self: BaseHandler, request: Any) -> Any:
        with _as_pages():
            return serve(self, request)

    def told(*who: str, role: str) -> None:
        """Within a page the role stays what it is."""
        tell(*who, role="" if _is_serving() else role)

    def connected(connection: Any, **_more: Any) -> None:
        if connection.alias == "default" and _is_serving():
            _set(settings.WALL_ROLE)

    connection_created.connect(connected)
    with pytest.MonkeyPatch.context() as instead:
        instead.setattr(BaseHandler, "get_response", served)
        instead.setattr(rls_session, "_tell", told)
        yield
    connection_created.disconnect(connected)


def _is_serving() -> bool:
    return getattr(HERE, "is_serving", False)


@contextmanager
def _as_pages() -> Iterator[None]:
    if not settings.WALL_ROLE or _is_serving():
        yield
        return
    before = _set(settings.WALL_ROLE)
    HERE.is_serving = True
    try:
        yield
    finally:
        HERE.is_serving = False
        if before != settings.WALL_ROLE:
            _set(before)


def _set(role: str) -> str:
    """The role of before. Below Django's own cursors, which tests count, and opening nothing."""
    link = connection.connection
    if link is None or link.closed or link.info.transaction_status == TRANSACTION_STATUS_INERROR:
        return "none"  # a transaction that is lost takes the role with it
    with link.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), set_config('role', %s, false)", [role])
        [before, _now] = cursor.fetchone()
    return str(before)
