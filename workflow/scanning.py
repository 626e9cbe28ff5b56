"""Files are looked through by clamd, for known harm, before anything of them is kept (ADR 98).

One that nobody could look through is refused too: it is never taken for clean. clamd's protocol is
described in its manual, clamd(8).
"""

import re
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from struct import pack
from threading import Condition
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from outbox.circuit_breaker import Gone

logger = structlog.get_logger(__name__)

Upload: TypeAlias = "UploadedFile[Any]"
NOBODY: Final = "none"  # the word by which an installation declares that files are not scanned
AT_ONCE: Final = 4  # forms in one process, of its eight threads: the others go on serving pages
A_TURN = 0.5  # seconds for which one more waits before it is refused
ANSWERS_IN = 3.0  # seconds: a scanner that takes longer to say that it is there is not there
LONGEST = 20.0  # seconds for all files of one form; clamd gives one up sooner (deploy/clamd.conf)
PIECE: Final = 64 * 1024
LONGEST_ANSWER: Final = 512  # bytes, of which one word is a signature's name
SIZE_LIMIT: Final = "INSTREAM size limit exceeded. ERROR"
FOUND: Final = re.compile(r"stream: ([!-~]{1,200}) FOUND")
FAULT: Final = re.compile(r"[ -~]+ ERROR")  # with one file: others may go through
REFUSES: Final = (" FOUND", " ERROR")
VERSION: Final = re.compile(r"ClamAV [^/]+(?:/[0-9]+/(.+))?", re.ASCII)
NOT_SEEN_INTO: Final = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")

SCANNER: Final = Gone()
_room = Condition()
_at_work: list[str] = []  # whose forms are being looked through


class Verdict(StrEnum):
    """What is known of a file."""

    CLEAN = "clean"
    HARMFUL = "harmful"
    NOT_SEEN_INTO = "not seen into"
    TOO_LARGE = "too large"
    UNCHECKED = "unchecked"


class Unchecked(Exception):
    """Nobody looked through a file; says why in a word for the log."""


def problem_found(upload: Upload) -> str | None:
    """Say in plain words why this file is refused, if it is, and what to do.

    The page has had it looked through before its transaction began; whoever has not, does it now.
    """
    if settings.FILE_SCANNER == NOBODY:
        return None
    if not hasattr(upload, "verdict"):
        look_through([upload])
    return {
        Verdict.CLEAN: None,
        Verdict.HARMFUL: _(
            "This file was refused and not kept: something harmful was found in it. Do not open it "
            "or send it on. Tell whoever looks after your computers, and add a copy that is clean."
        ),
        Verdict.NOT_SEEN_INTO: _(
            "This file was refused and not kept: it cannot be checked for harm all through. "
            "Save it as a PDF without a password, or in several parts, and add that."
        ),
        Verdict.TOO_LARGE: _(
            "This file was not kept: it is too large to be checked for harm. Make it smaller, or "
            "save it in several parts, and add that."
        ),
        Verdict.UNCHECKED: _(
            "This file was not kept: files cannot be checked for harm just now. Try again in a few "
            "minutes, and choose it again."
        ),
    }[upload.verdict]  # type: ignore[attr-defined]  # noted on it below


def look_through(uploads: Iterable[Upload], *, person: str = "") -> None:
    """Note on each file what clamd says of it, all within a bounded time; raises nothing.

    Whoever comes while many forms are being looked through, or another one of their own, is refused
    at once: a scanner that stands still holds up some threads and never all of them, and nobody's
    files hold up everybody's.
    """
    uploads = list(uploads)
    if settings.FILE_SCANNER == NOBODY or not uploads:
        return
    with _a_turn(person) as is_ours:
        until = time.monotonic() + LONGEST
        why = _why_not() if is_ours else "busy"
        for upload in uploads:
            upload.verdict = Verdict.UNCHECKED  # type: ignore[attr-defined]
            if not why:
                try:
                    upload.verdict = _verdict(upload, until, person)  # type: ignore[attr-defined]
                except Unchecked as fault:
                    why = str(fault)
    if why:
        logger.error("files_not_scanned", why=why, person=person)


def signatures_of() -> datetime | None:
    """When the list of known harm was made, if clamd says; raises Unchecked if it says nothing."""
    said = VERSION.fullmatch(_exchange(b"VERSION", time.monotonic() + ANSWERS_IN))
    if not said:
        raise Unchecked("nonsense")
    with suppress(ValueError, TypeError):
        return datetime.strptime(said[1], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return None


@contextmanager
def _a_turn(person: str) -> Iterator[bool]:
    """Whether there is room for one more, of this person."""

    def is_room() -> bool:
        return len(_at_work) < AT_ONCE and not (person and person in _at_work)

    with _room:
        if is_ours := _room.wait_for(is_room, A_TURN):
            _at_work.append(person)
    try:
        yield is_ours
    finally:
        if is_ours:
            with _room:
                _at_work.remove(person)
                _room.notify_all()


def _why_not() -> str:
    """Why there is nobody to ask, in a word; nothing where clamd says that it is there.

    One that stands still takes what it is sent into its queue: asked first, it costs a moment.
    """
    try:
        if not SCANNER.may_ask():
            return "gone"
        if _exchange(b"PING", time.monotonic() + ANSWERS_IN) == "PONG":
            return ""
        SCANNER.failed()
    except Unchecked as fault:
        return str(fault)
    return "nonsense"


def _verdict(upload: Upload, until: float, person: str) -> Verdict:
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    answer = _exchange(b"INSTREAM", until, content)
    if answer == "stream: OK":
        return Verdict.CLEAN
    if found := FOUND.fullmatch(answer):
        # Nothing of the file itself: its name may be a child's.
        logger.warning("file_refused", signature=found[1], person=person)
        hidden = found[1].startswith(NOT_SEEN_INTO)
        return Verdict.NOT_SEEN_INTO if hidden else Verdict.HARMFUL
    if FAULT.fullmatch(answer):
        is_large = answer == SIZE_LIMIT  # it is set to take less than the portal does
        logger.error("file_not_scanned", why="size limit" if is_large else "fault", person=person)
        return Verdict.TOO_LARGE if is_large else Verdict.UNCHECKED
    SCANNER.failed()
    raise Unchecked("nonsense")


def _exchange(command: bytes, until: float, content: bytes | None = None) -> str:
    """What clamd answers to a command, in one line; raises Unchecked where it says nothing.

    One that hangs up before it has the whole file may say why it does not take it, and no more.
    """
    has_all = False
    try:
        with _connected(until) as wire:
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(wire, b"z" + command + b"\0", until)
                if content is not None:
                    _stream(wire, content, until)
                has_all = True
            answer = _line(wire, until)
    except TimeoutError:
        if content is not None:  # it has just answered PING: the time of this form is over
            raise Unchecked("out of time") from None
        SCANNER.failed()
        raise Unchecked("no answer in time") from None
    except (OSError, ValueError) as fault:  # the second, where it can be no name of a machine
        SCANNER.failed()
        raise Unchecked(type(fault).__name__) from None
    SCANNER.answered()
    return answer if has_all or answer.endswith(REFUSES) else ""


@contextmanager
def _connected(until: float) -> Iterator[socket.socket]:
    place = settings.FILE_SCANNER
    patience = min(ANSWERS_IN, _left(until))
    if place.startswith("unix:"):
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with wire:
            wire.settimeout(patience)
            wire.connect(place.removeprefix("unix:"))
            yield wire
    else:
        parts = urlsplit(place)
        with socket.create_connection((parts.hostname, parts.port), patience) as wire:
            yield wire


def _stream(wire: socket.socket, content: bytes, until: float) -> None:
    view = memoryview(content)
    for at in range(0, len(content), PIECE):
        piece = view[at : at + PIECE]
        _send(wire, pack("!L", len(piece)) + piece, until)
    _send(wire, pack("!L", 0), until)


def _send(wire: socket.socket, what: bytes, until: float) -> None:
    wire.settimeout(_left(until))
    wire.sendall(what)


def _line(wire: socket.socket, until: float) -> str:
    """One answer and no more: up to NUL, of which nothing may come after."""
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        wire.settimeout(_left(until))
        if not (more := wire.recv(LONGEST_ANSWER - len(said))):
            break
        said += more
    return said.removesuffix(b"\0").decode("ascii", "replace") if said.endswith(b"\0") else ""


def _left(until: float) -> float:
    """What is left of the time; raises TimeoutError where that is nothing."""
    if (left := until - time.monotonic()) <= 0:
        raise TimeoutError
    return left
