"""A real clamd with one invented signature, as deploy/clamd.conf sets it up; files for it."""

import io
import os
import re
import shutil
import signal
import socket
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.servers import service
from tests.patience import PATIENCE

CONF = Path(__file__).parents[2] / "deploy" / "clamd.conf"
SIGNATURE = "Portal.Invented.Harm"
PATTERN = b"an invented pattern that harms nobody 7d1f"
HARMFUL = b"Plain words, and " + PATTERN + b"."
CLEAN = b"Plain words, and nothing else."
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@dataclass(frozen=True)
class Clamd:
    """One that runs: where it listens, and how it is stopped, frozen and woken."""

    port: int
    process: int
    socket: Path
    log: Path

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def freezes(self) -> None:
        os.kill(self.process, signal.SIGSTOP)
        stat = Path(f"/proc/{self.process}/stat")
        until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T")

    def wakes(self) -> None:
        os.kill(self.process, signal.SIGCONT)

    def dies(self) -> None:
        """Whole: its threads end one after the other, and the last lets go of the port."""
        os.kill(self.process, signal.SIGKILL)
        until(self.is_gone)

    def is_gone(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0


def until(done) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.01)


@contextmanager
def a_clamd(folder: Path, **changes: str) -> Iterator[Clamd]:
    """Start one, as whoever runs the tests, and stop it after; ``changes`` are its settings."""
    program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.fail("clamd is missing: apt-get install --no-install-recommends clamav-daemon")
    for name in ("signatures", "tmp"):
        (folder / name).mkdir()
    (folder / "signatures" / "invented.ndb").write_text(f"{SIGNATURE}:0:*:{PATTERN.hex()}\n")
    # An address of a socket may not be long.
    place = Path(os.environ["PORTAL_SERVICES"]) / f"clamd-{folder.name}"
    log, pid, conf = folder / "log", folder / "pid", folder / "clamd.conf"

    def start(port: int) -> list[str]:
        own = {
            "TCPSocket": str(port),
            "TCPAddr": "127.0.0.1",
            "DatabaseDirectory": str(folder / "signatures"),
            "TemporaryDirectory": str(folder / "tmp"),
            "LocalSocket": str(place),
            "PidFile": str(pid),
            **changes,
        }
        kept = [
            line
            for line in CONF.read_text().splitlines()
            if not re.match(rf"({'|'.join(own)}) ", line)
        ]
        conf.write_text("\n".join([*kept, *(f"{name} {value}" for name, value in own.items())]))
        return [program, f"--config-file={conf}"]

    def answers(port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as wire:
                wire.sendall(b"zPING\0")
                return wire.recv(16) == b"PONG\0"
        except OSError:
            return False

    common = {"cwd": "/"}
    with service("clamd", start, answers, log=log, stop=signal.SIGKILL, common=common) as port:
        yield Clamd(port, int(pid.read_text()), place, log)
    place.unlink(missing_ok=True)


def a_document(text: bytes) -> bytes:
    """A Word document in which the text stands compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        types = f'<Types><Override ContentType="{WORD}"/></Types>'
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", b"<w>" + text * 20 + b"</w>")
    return made.getvalue()
