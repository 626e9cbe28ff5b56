"""The production settings, not only loaded but run: PostgreSQL twice, Redis, gunicorn, a worker."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2
import pytest

from tests.portal.test_production import GOOD

ROOT = Path(__file__).parents[2]
HOST = "portal.partnership.example"
DATABASES = ("production_portal", "production_keystore")


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    """An environment with databases of its own on the tests' server."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    folder = tmp_path_factory.mktemp("production")
    link = psycopg2.connect(server.replace("postgres://", "postgresql://", 1) + "/postgres")
    link.autocommit = True
    with link.cursor() as cursor:
        for name in DATABASES:
            cursor.execute(f"CREATE DATABASE {name}")
    yield {
        "PATH": os.environ["PATH"],
        **GOOD,
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "DATABASE_URL": f"{server}/{DATABASES[0]}",
        "KEYSTORE_DATABASE_URL": f"{server}/{DATABASES[1]}",
        # Databases of Redis that no other test uses.
        "REDIS_URL": os.environ["REDIS_URL"].rpartition("/")[0] + "/5",
        "KEYRING_FILE": str(folder / "keyring.json"),
        "FILES_DIR": str(folder / "files"),
        "STATIC_ROOT": str(folder / "static"),
        "BEHIND_PROXY": "true",
    }
    with link.cursor() as cursor:
        for name in DATABASES:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    link.close()


@pytest.fixture(scope="module")
def portal(env):
    """Set up as docker-compose.yml does, then serve."""
    run(env, "keys", "create")
    run(env, "migrate", "--no-input")
    run(env, "migrate", "--no-input", "--database", "keystore")
    run(env, "collectstatic", "--no-input")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["gunicorn", "portal.wsgi", "--config", "python:portal.gunicorn"]
    with Path(env["FILES_DIR"]).with_name("web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--bind", f"127.0.0.1:{port}", "--threads", "2"],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


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


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Show a redirection instead of following it."""

    def redirect_request(self, *args):
        return None


def get(address, **headers):
    opener = urllib.request.build_opener(NoRedirect)
    request = urllib.request.Request(address, headers={"Host": HOST, **headers})
    try:
        return opener.open(request, timeout=10)
    except urllib.error.HTTPError as answer:
        return answer


def test_it_is_ready_once_all_its_parts_answer(portal):
    deadline = time.monotonic() + 30
    while True:
        try:
            status = get(portal + "/readyz").status
        except OSError:
            status = 0
        if status == 200:
            return
        assert time.monotonic() < deadline, status
        time.sleep(0.2)


def test_what_came_without_tls_is_sent_to_it(portal):
    answer = get(portal + "/accounts/login/")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/accounts/login/"


def test_a_page_behind_the_proxy_is_guarded(portal):
    answer = get(portal + "/accounts/login/", **{"X-Forwarded-Proto": "https"})
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal_csrf=")
    assert "Secure" in cookie


def test_another_host_is_refused(portal):
    page = get(portal + "/accounts/login/", Host="elsewhere.example")
    assert page.status == 400


def test_the_deployment_checks_pass_with_the_keys(env, portal):
    run(env, "check", "--deploy", "--database", "keystore", "--fail-level", "WARNING")


def test_a_worker_starts(env, portal):
    log = Path(env["FILES_DIR"]).with_name("worker.log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "portal", "worker", "--concurrency", "1"],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    deadline = time.monotonic() + 30
    while " ready." not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
