"""What is wrong with the port, the folder or its disk is said in one sentence; or it goes on."""

import errno
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import urllib.request

import pytest

from portal.running import folder, ports
from tests.portal.embedded import (
    ROOT,
    UP,
    Portal,
    copied,
    free_port,
    manage,
    nothing_waits,
    wait_until_gone,
)

pytestmark = pytest.mark.embedded


def refused(portal: Portal) -> str:
    """What it says, where it says one sentence and ends."""
    assert portal.ended() == 1, portal.told()
    said = portal.said()
    assert "Traceback" not in said
    sentences = said.strip().splitlines()
    assert len(sentences) == 1, said
    return sentences[0]


@pytest.mark.parametrize("port", ["0", "70000", "-1", "80a", "٨٠٠٠", ""])
def test_what_is_no_port_is_refused(prepared, tmp_path, port):
    portal = Portal(copied(prepared, tmp_path / "var"), port=port)
    assert "is not a port: it is a number from 1 to 65535" in refused(portal)


def test_so_is_one_that_the_environment_names(prepared, tmp_path):
    portal = Portal(copied(prepared, tmp_path / "var"), PORT="70000")
    assert "'70000' is not a port" in refused(portal)


def test_each_reason_why_a_port_cannot_be_had_has_a_way_out():
    assert "PORT=81" in ports.why_not(80, OSError(errno.EADDRINUSE, "in use"))
    assert "PORT=8000" in ports.why_not(65_535, OSError(errno.EADDRINUSE, "in use"))
    denied = ports.why_not(80, PermissionError(errno.EACCES, "Permission denied"))
    assert denied == (
        "Port 80 is the administrator's, as all below 1024 are. Choose another: make run PORT=8000"
    )


@pytest.mark.parametrize("var", ["/proc/x", "/proc/sys", "/dev/null/x", "/dev/null"])
def test_a_folder_that_cannot_be_made_or_written_to_is_said(tmp_path, var):
    """For root too, who may write wherever anybody may."""
    portal = Portal(tmp_path / "unused", PORTAL_VAR=var)
    said = refused(portal)
    assert "cannot be used" in said
    assert "make run PORTAL_VAR=folder" in said


def test_so_is_one_that_was_there_and_can_no_longer_be_written_to(prepared, tmp_path):
    var = copied(prepared, tmp_path / "var")
    (var / folder.LOCK).unlink()
    (var / folder.LOCK).symlink_to("/proc/sys/nothing")
    assert f"{var} cannot be used" in refused(Portal(var))


def at_most(size: int, *words: str, var, port: int) -> "subprocess.CompletedProcess[str]":
    """Run serve where no file may grow past ``size``: as on a disk that is full.

    Of the code nothing is compiled then: Python would keep what is cut short.
    """
    here = {"PATH": os.environ["PATH"], "PORTAL_VAR": str(var), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(port), *words],
        cwd=ROOT,
        env=here,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )


@pytest.mark.parametrize("size", [0, 20, 60_000])
def test_a_full_disk_at_the_first_start_is_said(tmp_path, size):
    """No room for a byte; for the lock and no key; for the keys and no table."""
    done = at_most(size, var=tmp_path / "var", port=free_port())
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    [said] = done.stderr.strip().splitlines()
    assert "make run PORTAL_VAR=folder" in said or "Make room, then start again" in said


@pytest.mark.parametrize("room", [True, False])
def test_where_a_disk_has_hardly_any_room_no_code_is_compiled(tmp_path, room):
    """Or a module that was cut short would stop every later start."""
    free = 10**9 if room else 10**7
    program = (
        "import os, runpy, sys, types;"
        f"os.statvfs = lambda path: types.SimpleNamespace(f_bavail={free}, f_frsize=1);"
        "sys.argv = ['manage.py', 'version'];"
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    here = {"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path / "var")}
    code = tmp_path / "code"
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**here, "PYTHONPYCACHEPREFIX": str(code)},
        capture_output=True,
        check=True,
    )
    of_django = list(code.rglob("django/core/management/*.pyc"))
    assert bool(of_django) is room


def test_two_on_one_folder_the_second_says_where_the_first_is(prepared, tmp_path):
    first = Portal(copied(prepared, tmp_path / "var"))
    try:
        first.wait_for(UP)
        second = refused(Portal(first.var))
        assert f"A portal runs in {first.var} already" in second
        assert f"(process {first.process.pid}, http://localhost:{first.port})" in second
        assert urllib.request.urlopen(first.url + "/readyz").read() == b"ready\n"
    finally:
        first.stop()


def test_a_folder_of_a_newer_version_is_refused(prepared, tmp_path):
    var = copied(prepared, tmp_path / "var")
    with sqlite3.connect(var / "portal.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('outbox', '0999_from_the_future', '2030-01-01')"
        )
    database.close()
    said = refused(Portal(var))
    assert f"{var} was made by a newer version" in said
    assert "outbox 0999_from_the_future" in said


def test_a_damaged_database_is_said(prepared, tmp_path):
    var = copied(prepared, tmp_path / "var")
    (var / "portal.sqlite3").write_bytes(b"this is no database" * 1000)
    assert f"A database in {var} is damaged" in refused(Portal(var))


def test_an_older_folder_is_taken_on_and_its_queue_is_gone(prepared, tmp_path):
    """With what the version before left there, and a secret whose writing was cut short."""
    var = copied(prepared, tmp_path / "var")
    for name in ("broker/messages", "broker/control"):
        (var / name).mkdir(parents=True)
    (var / "broker/messages/1_x.celery.msg").write_text("{")
    for name in ("beat", "beat-shm", "beat.db", ".keyring.json.17.new", "mail/half.part"):
        (var / name).parent.mkdir(exist_ok=True)
        (var / name).write_text("x")
    (var / "secret_key").write_text("")
    portal = Portal(var)
    try:
        portal.wait_for(UP)
        assert len((var / "secret_key").read_text()) > 40
        left = {path.name for path in var.iterdir()}
        assert not left & {"broker", "beat", "beat-shm", "beat.db", ".keyring.json.17.new"}
        assert not (var / "mail/half.part").exists()  # others may be on their way by now
    finally:
        assert portal.stop() == 0, portal.told()
    assert "broker" not in portal.said()


def test_static_files_that_have_changed_or_are_half_there_are_collected_anew(prepared, tmp_path):
    var = copied(prepared, tmp_path / "var")
    manifest = (var / "static" / "staticfiles.json").read_bytes()
    (var / "static" / "staticfiles.json").write_text("{")  # killed while it was written:
    (var / "static.stamp").unlink()  # so there is no stamp yet
    portal = Portal(var)
    try:
        portal.wait_for(UP)
        assert "Collecting the style sheets." in portal.said()
        assert (var / "static" / "staticfiles.json").read_bytes() == manifest
    finally:
        portal.stop()


def test_a_clock_that_jumps_stops_nothing(prepared, tmp_path):
    """E-mails that were promised in a year to come, by a clock that was wrong, go out now."""
    portal = Portal(copied(prepared, tmp_path / "var"))
    ahead = """
from outbox.models import Message
from datetime import timedelta
from django.utils import timezone
later = timezone.now() + timedelta(days=400)
done = Message.objects.exclude(to="").order_by("-pk")[:3]
print(Message.objects.filter(pk__in=[each.pk for each in done]).update(
    done_at=None, posted_at=later, next_try_at=later))
"""
    try:
        portal.wait_for(UP)
        portal.wait_until(lambda: nothing_waits(portal), "letters wait")
        assert manage(portal, ahead) == "3"
        os.kill(portal.child("work"), signal.SIGKILL)  # it is asked at each start of the loop
        portal.wait_for("The worker is up again.")
        portal.wait_until(lambda: nothing_waits(portal), "letters wait")
    finally:
        portal.stop()


def test_stopped_before_it_is_up_it_says_one_line(tmp_path):
    portal = Portal(tmp_path / "var")
    portal.wait_for("Making the tables")
    pids = portal.family()
    for _twice in range(2):
        if portal.process.poll() is None:
            portal.process.send_signal(signal.SIGINT)
    assert portal.ended() == 130, portal.told()
    assert portal.said().count("Stopped before the portal was up") == 1
    assert "Traceback" not in portal.said()
    wait_until_gone(pids, portal)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_it_runs_nothing_is_left(prepared, tmp_path, number):
    portal = Portal(copied(prepared, tmp_path / "var"))
    portal.wait_for(UP)
    pids = portal.family()
    assert len(pids) >= 5, "the parent, three children, and the one that serves"
    portal.process.send_signal(number)
    portal.process.send_signal(number)
    assert portal.ended() == 0, portal.told()
    wait_until_gone(pids, portal)
    assert "Traceback" not in portal.said()
