"""django-helpdesk as a peer: in an environment, a process and a database of its own."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import IO, Final

from django.db import connection

from bench.costs import Cost
from bench.environments import ROOT, installed

DATABASE: Final = "helpdesk"
TICKETS: Final = 100_000
ACTS: Final = ("create", "answer")


@contextmanager
def helpdesk(tickets: int = TICKETS) -> Iterator[Mapping[str, Cost]]:
    """What its acts cost, for as long as it runs."""
    python = installed("helpdesk")
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
