"""Worker, clock and sequencer show that they go round, and a frozen one shows that it does not."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connections

from portal import heartbeat
from tests.patience import PATIENCE
from tests.portal.running import ROOT


def test_only_where_a_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(heartbeat, "_last", 0.0)
    monkeypatch.delenv("ALIVE_FILE", raising=False)
    heartbeat.say_alive()
    file = tmp_path / "alive"
    monkeypatch.setenv("ALIVE_FILE", str(file))
    heartbeat.say_alive()
    assert file.exists()
    os.utime(file, (1, 1))
    heartbeat.say_alive()
    assert file.stat().st_mtime == 1, "not more often than is of use"
    monkeypatch.setattr(heartbeat, "_last", time.monotonic() - heartbeat.EVERY - 1)
    heartbeat.say_alive()
    assert file.stat().st_mtime > 1


COMMANDS = {
    "worker": ["worker", "--pool", "solo"],
    "clock": ["beat", "--schedule", "{folder}/beat"],
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_frozen_one_stops_touching_its_file_and_goes_on_when_woken(name, tmp_path, settings):
    file, log = tmp_path / "alive", tmp_path / "log"
    words = [word.format(folder=tmp_path) for word in COMMANDS[name]]
    # A queue of its own, so that it takes nothing from the worker of other tests.
    queue = ["--queues", "nobodys"] if name == "worker" else []
    env = {**os.environ, "ALIVE_FILE": str(file), "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    config = connections["default"].settings_dict
    place = f"{config['HOST']}:{config['PORT']}/{config['NAME']}"
    env["DATABASE_URL"] = f"postgres://portal_worker@{place}"
    script = (
        "import portal.heartbeat as a; a.EVERY = 0.1\n"
        "from portal.celery import app\n"
        "each = {'task': 'x', 'schedule': 0.2, 'options': {'queue': 'y'}}\n"
        "app.conf.beat_schedule = {'x': each}\n"
        "from celery.__main__ import main; main()"
    )
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", script, "-A", "portal", *words, *queue],
            cwd=ROOT,
            env=env | {"PORTAL_KEYS": "none"},
            stdout=out,
            stderr=out,
        )
    try:
        wait(file.exists, process, log)
        process.send_signal(signal.SIGSTOP)
        wait(lambda: is_stopped(process), process, log)
        os.utime(file, (1, 1))
        process.send_signal(signal.SIGCONT)
        wait(lambda: file.stat().st_mtime > 1, process, log)
    finally:
        process.kill()
        process.wait()


def is_stopped(process):
    with open(f"/proc/{process.pid}/stat") as said:
        return said.read().rpartition(")")[2].split()[0] == "T"


def wait(done, process, log):
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert process.poll() is None, f"It ended by {process.poll()}: {log.read_text()}"
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
