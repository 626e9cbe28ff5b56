"""django-helpdesk as a peer: in an environment, a process and a database of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Final

from django.db import connection

from bench.costs import Cost

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "var" / "helpdesk"
LOCK: Final = ROOT / "requirements" / "helpdesk.txt"
DATABASE: Final = "helpdesk"
TICKETS: Final = 100_000
ACTS: Final = ("create", "answer")


@contextmanager
def helpdesk(tickets: int = TICKETS) -> Iterator[Mapping[str, Cost]]:
    """What its acts cost, for as long as it runs."""
    python = _installed()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    told = connection.settings_dict
    link = f"postgres://{told['USER']}@{told['HOST']}:{told['PORT']}/{DATABASE}"
    process = subprocess.Popen(  # noqa: S603
        [python, "-P", ROOT / "bench" / "helpdesk_peer.py", link, str(tickets)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        if process.stdout.readline() != "ready\n":
            raise SystemExit("django-helpdesk did not start")
        yield {act: partial(_asked, process.stdin, process.stdout, act) for act in ACTS}
    finally:
        process.stdin.close()
        process.wait(60)


def _asked(to: IO[str], back: IO[str], act: str, times: int) -> float:
    """Seconds of processor for so many of its acts, of its process and its backend."""
    to.write(f"{act} {times}\n")
    to.flush()
    return float(json.loads(back.readline())["seconds"]) * times


def _installed() -> Path:
    """Its packages by their lock, installed anew where that has changed."""
    python, kept = FOLDER / "bin" / "python", FOLDER / "lock"
    if not kept.exists() or kept.read_text() != LOCK.read_text():
        print("Installing django-helpdesk", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)  # noqa: S603
        flags = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement"]
        subprocess.run([python, "-m", "pip", "install", *flags, LOCK], check=True)  # noqa: S603
        kept.write_text(LOCK.read_text())
    return python
