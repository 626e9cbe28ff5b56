"""``make run`` in a folder of its own: it starts with nothing, serves, and stops when told."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from email import message_from_string
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 240  # patience, where other things run on the machine too

pytestmark = pytest.mark.embedded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    """A running portal on the embedded default, told its port by ``--port`` alone."""

    def __init__(self, var: Path, **named: str) -> None:
        self.var, self.port, self.log = var, free_port(), var.parent / "run.log"
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

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + SECONDS
        while text not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def children(self) -> dict[int, str]:
        """Process ids of what the supervisor started, with their command lines."""
        found = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = path.read_text().rpartition(")")[2].split()[1]
                if int(parent) == self.process.pid:
                    words = path.with_name("cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(path.parent.name)] = words.decode()
            except (OSError, IndexError):
                continue
        return found

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("embedded") / "var"


@pytest.fixture
def portal(var):
    running = Portal(var)
    try:
        running.wait_for("Ctrl-C stops it.")
        yield running
    finally:
        running.stop()


def manage(portal, script):
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", script],
        cwd=ROOT,
        env=portal.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_it_is_ready_keeps_its_secrets_and_stops_clean(portal, var):
    assert urllib.request.urlopen(portal.url + "/readyz").read() == b"ready\n"
    for secret in ("secret_key", "keyring.json"):
        assert stat.S_IMODE((var / secret).stat().st_mode) == 0o600
    addresses = re.findall(r"http://\S+", portal.said())
    here = f"http://localhost:{portal.port}/"
    assert addresses == [here, f"{here}sent-mail/"]
    children = portal.children()
    assert len(children) == 3
    assert portal.stop() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_a_second_start_changes_nothing_that_is_there_and_keeps_the_address_it_is_given(var):
    before = {name: (var / name).read_bytes() for name in ("secret_key", "keyring.json")}
    again = Portal(var, PORTAL_URL="http://portal.localhost:9999/")
    try:
        again.wait_for("Ctrl-C stops it.")
    finally:
        assert again.stop() == 0
    addresses = re.findall(r"http://\S+", again.said())
    assert addresses == [
        "http://portal.localhost:9999/",
        "http://portal.localhost:9999/sent-mail/",
    ]
    assert before == {name: (var / name).read_bytes() for name in before}


def test_a_port_in_use_is_said_with_a_way_out(portal):
    second = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(portal.port)],
        cwd=ROOT,
        env=portal.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"Port {portal.port} is in use" in second.stderr
    assert f"PORT={portal.port + 1}" in second.stderr


def test_each_process_gets_the_keys_that_it_needs(portal):
    given = {}
    for pid, command in portal.children().items():
        said = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        which = next(word for word in ("gunicorn", "celery", "sequence") if word in command)
        given[which] = [each.decode() for each in said if each.startswith(b"PORTAL_KEYS=")]
    assert given == {
        "gunicorn": [],
        "celery": ["PORTAL_KEYS=none"],
        "sequence": ["PORTAL_KEYS=signing"],
    }


@pytest.mark.parametrize("which", ["gunicorn", "celery"])
def test_when_one_dies_the_other_stops_and_it_is_said(portal, which):
    children = portal.children()
    [victim] = [pid for pid, command in children.items() if which in command]
    os.killpg(victim, signal.SIGKILL)
    assert portal.process.wait(30) == 1
    assert "ended by itself" in portal.said()
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_a_lost_key_ring_is_not_replaced_by_another(portal, var):
    portal.stop()
    ring = var / "keyring.json"
    kept = ring.rename(var / "kept.json")
    again = Portal(var)
    assert again.process.wait(30) == 1
    assert f"{ring} is gone" in again.said()
    kept.rename(ring)


def test_a_damaged_key_ring_stops_it_with_a_reason(var):
    ring = var / "keyring.json"
    good = ring.read_text()
    ring.write_text(good.replace('"key": "', '"key": "AAAA', 1))
    try:
        portal = Portal(var)
        assert portal.process.wait(60) == 1
        assert "The portal does not start" in portal.said()
        assert "is damaged" in portal.said()
    finally:
        ring.write_text(good)


def test_the_settings_of_sqlite_are_those_that_lose_nothing(portal):
    script = """
from django.db import connections
for alias in ("default", "keystore"):
    with connections[alias].cursor() as c:
        c.execute("PRAGMA journal_mode"); print(c.fetchone()[0], end=" ")
    print(connections[alias].settings_dict["OPTIONS"]["transaction_mode"], end=" ")
"""
    assert manage(portal, script) == "wal IMMEDIATE wal IMMEDIATE"


def test_mail_stays_on_the_machine_and_links_to_the_port_it_was_started_on(portal, var):
    script = """
from agencies.models import User
User.objects.filter(email="robin@school.example").exists() or User.objects.create_user(
    email="robin@school.example", password="a long and plain sentence")
"""
    manage(portal, script)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    address = portal.url + "/accounts/password/reset/"
    form = browser.open(address).read().decode()
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    fields = {"csrfmiddlewaretoken": token, "email": "robin@school.example"}
    browser.open(address, urllib.parse.urlencode(fields).encode())
    letters: list[str] = []
    for _ in range(300):  # the worker sends it, a moment later
        time.sleep(0.2)
        said = [path.read_text() for path in (var / "mail").glob("*.eml")]
        if letters := [letter for letter in said if "To: robin@school.example" in letter]:
            break
    [letter] = letters
    plain = message_from_string(letter).get_payload(decode=True).decode()
    assert re.findall(r"http://localhost:(\d+)/accounts/", plain) == [str(portal.port)]
    for pid, command in portal.children().items():
        given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert f"PORT={portal.port}".encode() in given, command
