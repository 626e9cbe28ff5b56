"""A bound for the connections that one web container opens, whatever its settings (docs/adr/0091).

Each thread that asks a database holds a slot, which is a lock on one of a fixed number of files
that all processes of the container share: the system gives it back when a process dies. Where there
are slots for all threads, a thread keeps its own with its connections; elsewhere it gives
both back after each page, and who finds none for a while is told that there are too many people.
"""

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.db import connections
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from workflow.rate_limits import TooMany

PATIENCE: Final = 5.0  # seconds
PAUSE: Final = 0.02
NEEDS_NONE: Final = ("/healthz", "/readyz")  # the second asks in a thread of its own


class Slots:
    """The slots of one container, as one of its processes knows them."""

    def __init__(self, folder: Path, count: int, *, threads: int) -> None:
        self._files = [folder / str(number) for number in range(count)]
        self._are_kept = threads <= count
        self._own = threading.local()

    def take(self, patience: float | None = None) -> None:
        """Hold a slot in this thread; raises TooMany if none comes free in time."""
        if self._held() is not None:
            return
        until = time.monotonic() + (PATIENCE if patience is None else patience)
        while (handle := self._free_one()) is None:
            if time.monotonic() >= until:
                raise TooMany(_("Too many people are using the service at this moment."))
            time.sleep(PAUSE)
        self._own.handle = handle

    def page_is_done(self) -> None:
        """Give it back, unless there is one for each thread."""
        if not self._are_kept:
            self.give_back()

    def give_back(self) -> None:
        """Close what this thread is connected by, and hold no slot."""
        handle = self._held()
        if handle is None:
            return
        try:
            connections.close_all()
        finally:
            del self._own.handle
            os.close(handle)

    def _held(self) -> int | None:
        handle: int | None = getattr(self._own, "handle", None)
        return handle

    def _free_one(self) -> int | None:
        for file in self._files:
            handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
            else:
                return handle
        return None


def a_folder() -> Path:
    """Where the files of a container's slots lie, in memory where that can be."""
    memory = Path("/dev/shm")  # noqa: S108
    place = memory if os.access(memory, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="portal-slots-", dir=place))


class SlotMiddleware:
    """Holds a slot as long as a page is made and sent."""

    slots: Slots | None = None  # without gunicorn there is no bound

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        slots = self.slots
        if slots is None or request.path in NEEDS_NONE:
            return self.get_response(request)
        slots.take()
        try:
            response = self.get_response(request)
        except BaseException:
            slots.page_is_done()
            raise
        # What is sent bit by bit asks the database meanwhile.
        response._resource_closers.append(slots.page_is_done)  # type: ignore[attr-defined]
        return response
