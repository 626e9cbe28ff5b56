"""From a page to a PDF file, in memory and within bounds (docs/adr/0068)."""

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Event

from django.contrib.staticfiles import finders
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.partnership.selectors import the_partnership
from decisions.printing import typesetting
from decisions.printing.selectors import Plan, checkpoint
from workflow.exit_status import how_it_ended

logger = logging.getLogger(__name__)

PROGRAM = Path(typesetting.__file__)
STYLE = "portal/record.css"
MOST_CHARACTERS = 600_000  # of the page before it is set: 150 sheets and more
SECONDS = 40  # a sheet takes a tenth of one, and longer while others work
PATIENCE = 10  # seconds to wait for somebody else's print
STARTS = 2  # it keeps nothing, so one that the system has killed is simply made once more
# Each print takes a processor for seconds: more at once would leave none for pages.
AT_ONCE = BoundedSemaphore(1)
FOUND = Event()  # whether this process has found the libraries
# What the program may know of its surroundings: where libraries lie, and no setting of ours.
NEEDED = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_FILE", "LANG")

LACKING = gettext_lazy(
    "Records cannot be printed here yet: the portal runs without the Pango library. Whoever runs "
    "it can install it (on Debian or Ubuntu: libpango-1.0-0, libpangoft2-1.0-0 and "
    "libharfbuzz-subset0), and needs to restart nothing."
)
TOO_LONG = gettext_lazy(
    "This record is too long for one file. Nothing was printed. Read it in the portal."
)
BUSY = gettext_lazy("Another record is being printed. Try again in a minute.")
NOT_MADE = gettext_lazy("The file could not be made. Nothing was printed.")


@dataclass(frozen=True)
class Made:
    """A file; or why there is none, and the status that says so."""

    content: bytes = b""
    wrong: str = ""
    status: int | None = None


def print_record(plan: Plan, actor: Actor) -> tuple[Made, list[Model]]:
    """A record as a file, and every row whose words are in it: to be noted when it is given."""
    if plan.is_too_long:
        return Made(wrong=str(TOO_LONG), status=422), []
    filled = plan.fill()
    words = {
        "plan": plan,
        "by": actor.user,
        "agency": actor.agency,
        "at": timezone.now(),
        "checkpoint": checkpoint(),
        "partnership": the_partnership(),
    }
    return pdf_of(render_to_string(plan.template, filled.words | words)), filled.shown


def lacks() -> str:
    """What is missing for any print, in words; nothing where all is there."""
    return "" if _is_all_there() else str(LACKING)


def _is_all_there() -> bool:
    """Asked until it is: what has been installed since is found, and what is there stays."""
    if not FOUND.is_set():
        done = _run(["--check"], b"")
        if done is None or done.returncode:
            return False
        FOUND.set()
    return True


def is_too_long(html: str) -> bool:
    """Whether a page is more than is set at once."""
    return len(html) > MOST_CHARACTERS


def pdf_of(html: str) -> Made:
    """The page as tagged PDF, made by a process that ends with it; nothing lies on a disk."""
    if is_too_long(html):
        return Made(wrong=str(TOO_LONG), status=422)
    if not AT_ONCE.acquire(timeout=PATIENCE):
        return Made(wrong=str(BUSY), status=503)
    try:
        done = _made(json.dumps({"html": html, "css": _style()}).encode())
    finally:
        AT_ONCE.release()
    return _told(done)


def _made(given: bytes) -> "subprocess.CompletedProcess[bytes] | None":
    """What the program made; it is started again where it died, and each death is logged."""
    for _start in range(STARTS):
        done = _run([], given)
        if done is None or done.returncode in typesetting.KNOWN:
            break
        fault = done.stdout.decode() if done.returncode == typesetting.FAULT else ""
        how = f"{how_it_ended(done.returncode)} {fault}".rstrip()
        logger.error("The program that makes files ended: %s", how)
    return done


def _told(done: "subprocess.CompletedProcess[bytes] | None") -> Made:
    if done is None or done.returncode == typesetting.TOO_MUCH:
        return Made(wrong=str(TOO_LONG), status=422)
    if done.returncode == typesetting.MISSING:
        return Made(wrong=str(LACKING), status=503)
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        return Made(wrong=str(NOT_MADE), status=503)
    return Made(done.stdout)


def _run(arguments: list[str], given: bytes) -> "subprocess.CompletedProcess[bytes] | None":
    """The program's answer; None after too long. What it says beside may hold the text: dropped."""
    try:
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", "-B", str(PROGRAM), *arguments],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={name: os.environ[name] for name in NEEDED if name in os.environ},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None


def _style() -> str:
    found = finders.find(STYLE)
    assert isinstance(found, str), f"{STYLE} is a file of ours"
    return Path(found).read_text(encoding="utf-8")
