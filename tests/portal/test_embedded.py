"""``make run`` in a folder of its own: it starts with nothing, serves, and stops when told."""

import os
import re
import signal
import stat
import urllib.parse
import urllib.request
from email import message_from_string
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.portal.embedded import (
    ROOT,
    UP,
    Portal,
    copied,
    lives,
    manage,
)

__all__ = ["ROOT", "Portal", "manage"]

pytestmark = pytest.mark.embedded


@pytest.fixture
def portal(var):
    running = Portal(var)
    try:
        running.wait_for(UP)
        yield running
    finally:
        running.stop()


def test_it_is_ready_keeps_its_secrets_and_stops_clean(portal, var):
    assert urllib.request.urlopen(portal.url + "/readyz").read() == b"ready\n"
    for secret in ("secret_key", "keyring.json"):
        assert stat.S_IMODE((var / secret).stat().st_mode) == 0o600
    addresses = re.findall(r"http://\S+", portal.said())
    here = f"http://localhost:{portal.port}/"
    assert addresses == [here, f"{here}sent-mail/"]
    children = portal.children()
    assert len(children) == 3
    assert portal.stop() == 0, portal.told()
    assert not any(lives(pid) for pid in children)


def test_a_first_start_makes_everything_and_says_so(first_start):
    assert first_start.code == 0, first_start.said
    assert first_start.readyz == b"ready\n"
    assert len(first_start.children) == 3
    steps = ["Making the keys", "Making the tables", "Collecting", "Filling the demonstration"]
    said = [first_start.said.find(step) for step in steps]
    assert said == sorted(said), first_start.said
    assert min(said) >= 0, first_start.said
    for name in ("portal.sqlite3", "keystore.sqlite3", "keyring.json", "ledger.key", "secret_key"):
        assert (first_start.var / name).stat().st_size, name
    assert not list(first_start.var.glob("*-wal")), "it is safe to copy"
    assert not list(first_start.var.glob(".*")), "nothing half made is left"


def test_a_second_start_changes_nothing_that_is_there_and_keeps_the_address_it_is_given(var):
    before = {name: (var / name).read_bytes() for name in ("secret_key", "keyring.json")}
    again = Portal(var, PORTAL_URL="http://portal.localhost:9999/")
    try:
        again.wait_for(UP)
    finally:
        assert again.stop() == 0, again.told()
    assert "Making" not in again.said()
    assert "Collecting" not in again.said()
    addresses = re.findall(r"http://\S+", again.said())
    assert addresses == [
        "http://portal.localhost:9999/",
        "http://portal.localhost:9999/sent-mail/",
    ]
    assert before == {name: (var / name).read_bytes() for name in before}


def test_a_port_in_use_is_said_with_a_way_out(portal, prepared, tmp_path):
    second = Portal(copied(prepared, tmp_path / "var"), port=portal.port)
    assert second.ended() == 1, second.told()
    assert f"Port {portal.port} is in use" in second.said()
    assert f"PORT={portal.port + 1}" in second.said()
    assert "Traceback" not in second.said()


def test_each_process_gets_the_keys_that_it_needs(portal):
    given = {}
    for pid, command in portal.children().items():
        said = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        which = next(word for word in ("gunicorn", "work", "sequence") if word in command.split())
        given[which] = [each.decode() for each in said if each.startswith(b"PORTAL_KEYS=")]
    assert given == {
        "gunicorn": [],
        "work": ["PORTAL_KEYS=none"],
        "sequence": ["PORTAL_KEYS=signing"],
    }


@pytest.mark.parametrize(
    ("which", "name"),
    [
        pytest.param("gunicorn", "web server", id="gunicorn"),
        pytest.param("work", "worker", id="celery"),
        pytest.param("sequence", "sequencer", id="sequencer"),
    ],
)
def test_when_one_dies_the_other_stops_and_it_is_said(portal, which, name):
    """It no longer stops: the one that died is started again, and the others never notice."""
    before = portal.children()
    victim = portal.child(which)
    os.killpg(victim, signal.SIGKILL)
    portal.wait_for(f"The {name} is up again.")
    assert f"The {name} ended by itself (killed by SIGKILL). It starts again in" in portal.said()
    after = portal.children()
    assert victim not in after
    assert len(after) == 3
    assert before.keys() - {victim} == before.keys() & after.keys()
    assert urllib.request.urlopen(portal.url + "/readyz").read() == b"ready\n"


def test_a_lost_key_ring_is_not_replaced_by_another(portal, var):
    portal.stop()
    ring = var / "keyring.json"
    kept = ring.rename(var / "kept.json")
    again = Portal(var)
    assert again.ended() == 1, again.told()
    assert f"{ring} is gone" in again.said()
    kept.rename(ring)


def test_a_damaged_key_ring_stops_it_with_a_reason(var):
    ring = var / "keyring.json"
    good = ring.read_text()
    ring.write_text(good.replace('"key": "', '"key": "AAAA', 1))
    try:
        portal = Portal(var)
        assert portal.ended() == 1, portal.told()
        assert "The portal does not start" in portal.said()
        assert "The web server cannot start (exit code 3), so the portal stops" in portal.said()
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


def test_guesses_of_several_at_once_are_each_counted(portal):
    """By processes of their own, as web server and command are."""
    script = """
import subprocess, sys
from django.core.cache import cache
from workflow.rate_limits import Limit
one = "import django; django.setup(); from workflow.rate_limits import Limit;" \
      "print([Limit('at once', 5, 600).take('a') for _ in range(3)].count(0))"
several = [subprocess.Popen([sys.executable, "-c", one], stdout=subprocess.PIPE) for _ in range(3)]
print(sum(int(each.communicate()[0]) for each in several), end=" ")
print(Limit("at once", 5, 600).is_reached("a"), hasattr(cache, "swap"), end=" ")
print(cache.swap("s", None, [1.5], 60), cache.swap("s", None, [2.5], 60), cache.get("s"))
"""
    assert manage(portal, script) == "5 True True True False [1.5]"


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
    emails: list[str] = []

    def has_come() -> bool:
        said = [path.read_text() for path in (var / "mail").glob("*.eml")]
        emails[:] = [email for email in said if "To: robin@school.example" in email]
        return bool(emails)

    portal.wait_until(has_come, "no letter came")
    [email] = emails
    plain = message_from_string(email).get_payload(decode=True).decode()
    assert re.findall(r"http://localhost:(\d+)/accounts/", plain) == [str(portal.port)]
    for pid, command in portal.children().items():
        given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert f"PORT={portal.port}".encode() in given, command
