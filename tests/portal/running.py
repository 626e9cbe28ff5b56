"""Running the portal's commands and workers on settings of production."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import psycopg2

from tests.patience import PATIENCE
from tests.portal.test_production import GOOD

ROOT = Path(__file__).parents[2]
DATABASES = ("production_portal", "production_keystore")


def addresses(server):
    """The two databases as whoever the address names."""
    names = ("DATABASE_URL", "KEYSTORE_DATABASE_URL")
    return {name: f"{server}/{of}" for name, of in zip(names, DATABASES, strict=True)}


def as_somebody_else(env, role):
    """The same environment, with another role's addresses."""
    return env | {
        name: env[name].replace("portal_app@", f"{role}@")
        for name in ("DATABASE_URL", "KEYSTORE_DATABASE_URL")
    }


def run(env, *words):
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def a_worker(env, *words):
    """A worker of these settings, from when it is ready until it has stopped."""
    log = Path(env["FILES_DIR"]).with_name("worker.log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "portal",
                "worker",
                "--concurrency",
                "1",
                *words,
            ],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        until(lambda: process.poll() is not None or " ready." in log.read_text(), log)
        assert process.poll() is None, log.read_text()
        yield log
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        # One that outlived a failed test would take the tasks of the next.
        process.kill()


def until(done, log, seconds=PATIENCE):
    """Wait for something, and show the log where it does not come."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def rows(owner, sql):
    link = psycopg2.connect(owner["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
    with link, link.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchall()
    link.close()
    return found


def set_up(owner):
    """Keys, tables, wall and static files, as docker-compose.yml has them made."""
    run(owner, "keys", "create")
    for database in ("default", "keystore"):
        run(owner, "migrate", "--no-input", "--database", database)
        run(owner, "rls", "build", "--database", database)
    run(owner, "collectstatic", "--no-input")


def script(env, text):
    """Run some Python with these settings; what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", text],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def a_web_server(env, *words):
    """The real gunicorn with these settings, from when it answers until it has stopped."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    log = Path(env["FILES_DIR"]).with_name("crowd.log")
    command = ["gunicorn", "portal.wsgi", "--config", "python:portal.gunicorn", "--bind", address]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, *words],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        until(lambda: process.poll() is not None or _is_alive(f"http://{address}/healthz"), log)
        assert process.poll() is None, log.read_text()
        yield SimpleNamespace(address=f"http://{address}", log=log, process=process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def _is_alive(address):
    request = urllib.request.Request(address, headers={"Host": GOOD["ALLOWED_HOSTS"]})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status == 200
    except OSError:
        return False
