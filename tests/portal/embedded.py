"""A portal on the embedded default, as its own processes; and somebody who visits it."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from tests.patience import PATIENCE
from workflow.exit_status import how_it_ended

ROOT = Path(__file__).parents[2]
UP = "Ctrl-C stops it."


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    """A running portal on the embedded default, told its port by ``--port`` alone."""

    def __init__(self, var: Path, *, port: int | str | None = None, **named: str) -> None:
        self.var, self.port = var, free_port() if port is None else port
        self.log = var.parent / f"run-{self.port}.log"
        keep = ("PATH", "HOME", "TMPDIR", "LANG")
        self.env = {name: os.environ[name] for name in keep if name in os.environ}
        self.env |= {"PORTAL_VAR": str(var), **named}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.env,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        return self.log.read_text()

    def told(self) -> str:
        """Whether and how it ended, and all that it said: for whoever reads a failure."""
        code = self.process.poll()
        how = "it runs" if code is None else f"it ended ({how_it_ended(code)})"
        return f"{how}, and said:\n{self.said()}"

    def wait_for(self, text: str) -> None:
        self.wait_until(lambda: text in self.said(), f"nothing said {text!r}")

    def wait_until(self, done, what: str) -> None:
        """Wait for something while the portal runs."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert self.process.poll() is None, f"{what}: {self.told()}"
            assert time.monotonic() < deadline, f"{what}: {self.told()}"
            time.sleep(0.1)

    def children(self) -> dict[int, str]:
        """Process ids of what the supervisor started, with their command lines."""
        return {pid: words for pid, parent, words in processes() if parent == self.process.pid}

    def child(self, which: str) -> int | None:
        """The process id of the one with this word in its command, while it is there."""
        found = [pid for pid, words in self.children().items() if which in words.split()]
        return found[0] if found else None

    def family(self) -> set[int]:
        """All that descends from it, and itself."""
        found, known = {self.process.pid}, list(processes())
        while more := {pid for pid, parent, _ in known if parent in found} - found:
            found |= more
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it does not end: {self.told()}") from None


def processes():
    """Process id, parent and command line of all that runs."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            words = path.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, IndexError):
            continue
        yield int(path.parent.name), parent, words


def lives(pid: int) -> bool:
    """Whether this process is there, and not only waits to be counted as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_until_gone(pids, portal: Portal) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := [pid for pid in pids if lives(pid)]:
        assert time.monotonic() < deadline, f"{left} are still there; {portal.told()}"
        time.sleep(0.05)


def run(portal: Portal, *words: str) -> "subprocess.CompletedProcess[str]":
    """One of the portal's commands on the same folder."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=portal.env,
        capture_output=True,
        text=True,
        check=False,
    )


def manage(portal: Portal, script: str) -> str:
    done = run(portal, "shell", "-v0", "-c", script)
    assert done.returncode == 0, f"{how_it_ended(done.returncode)}: {done.stderr}"
    return done.stdout.strip()


def rows(portal: Portal, sql: str) -> list[tuple[object, ...]]:
    """What stands in the portal's database, read beside it."""
    database = sqlite3.connect(portal.var / "portal.sqlite3", timeout=PATIENCE)
    try:
        return database.execute(sql).fetchall()
    finally:
        database.close()


def nothing_waits(portal: Portal) -> bool:
    """Every e-mail is sent, and every leaf signed."""
    waiting = "SELECT 1 FROM outbox_message WHERE done_at IS NULL"
    unsigned = "SELECT 1 FROM audit_leaf WHERE leaf_index IS NULL"
    return not rows(portal, f"{waiting} UNION ALL {unsigned} LIMIT 1")


def copied(prepared: Path, to: Path) -> Path:
    """A prepared folder, with the times and rights of its files."""
    shutil.copytree(prepared, to, symlinks=True)
    return to


class NotFollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Visitor:
    """Somebody with a browser that follows no redirect."""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.cookies = portal, CookieJar()
        jar = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(jar, NotFollowed())

    def open(self, path: str, fields: dict[str, object] | None = None) -> tuple[int, str, str]:
        """Status, where it leads, and the page; OSError while nobody answers."""
        body = None
        if fields is not None:
            token = next(c.value for c in self.cookies if c.name.startswith("portal_csrf"))
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        try:
            answer = self.opener.open(self.portal.url + path, body, timeout=PATIENCE)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def sign_in(self, email: str, pass_phrase: str) -> "Visitor":
        self.open("/accounts/login/")
        status, to, page = self.open("/accounts/login/", {"login": email, "password": pass_phrase})
        assert status == 302, (status, re.sub(r"<[^>]+>|\s+", " ", page)[:2000])
        assert "login" not in to
        return self
