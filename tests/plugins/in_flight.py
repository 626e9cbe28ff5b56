"""What a browser still asks for when its test is over is answered before tables are emptied.

A page that is closed may send something last. Its browser's connections have ended by then, or
wait for another request; whatever has come over one of them is waited for.
"""

import select
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from tests.patience import PATIENCE

OPEN: dict[Any, bool] = {}  # each connection, and whether a request of it is being answered
LISTENING: set[Any] = set()
TWICE = 2  # between reading a request and saying so a thread may have to wait for its turn


def wait_until_answered() -> None:
    """Return once nothing that was asked of a live server is unanswered."""
    deadline, quiet = time.monotonic() + PATIENCE, 0
    while LISTENING and quiet < TWICE:
        assert time.monotonic() < deadline, "the server of this test still answers somebody"
        quiet = 0 if _is_something_there() else quiet + 1
        time.sleep(0.005)


def _is_something_there() -> bool:
    sockets = [
        *(handler.connection for handler in list(OPEN)),
        *(each.socket for each in LISTENING),
    ]
    something = select.poll()
    for number in (each.fileno() for each in sockets):
        if number >= 0:  # one that is closed has none
            something.register(number, select.POLLIN)
    return any(list(OPEN.values())) or bool(something.poll(0))


@pytest.fixture(scope="session", autouse=True)
def _connections_are_known() -> Iterator[None]:
    """Have each live server say which of its connections are at work."""
    handler, server = WSGIRequestHandler, ThreadedWSGIServer
    setup, one, parse, finish = (
        *(handler.setup, handler.handle_one_request),
        *(handler.parse_request, handler.finish),
    )
    activate, close = server.server_activate, server.server_close

    def begin(self: Any) -> None:
        setup(self)
        OPEN[self] = False

    def answer(self: Any) -> None:
        try:
            one(self)
        finally:
            OPEN[self] = False

    def read(self: Any) -> bool:
        OPEN[self] = True
        return parse(self)

    def end(self: Any) -> None:
        try:
            finish(self)
        finally:
            OPEN.pop(self, None)

    def listen(self: Any) -> None:
        activate(self)
        LISTENING.add(self)

    def deaf(self: Any) -> None:
        LISTENING.discard(self)
        close(self)

    with pytest.MonkeyPatch.context() as instead:
        for name, does in {
            "setup": begin,
            "handle_one_request": answer,
            "parse_request": read,
            "finish": end,
        }.items():
            instead.setattr(handler, name, does)
        instead.setattr(server, "server_activate", listen)
        instead.setattr(server, "server_close", deaf)
        yield
