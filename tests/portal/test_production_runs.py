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
    pages = server.replace("portal@", "portal_app@")
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
        **addresses(pages),
        # Databases of Redis that no other test uses.
        "REDIS_URL": os.environ["REDIS_URL"].rpartition("/")[0] + "/5",
        "KEYRING_FILE": str(folder / "keyring.json"),
        "FILES_DIR": str(folder / "files"),
        "DISPOSAL_REGISTER": str(folder / "disposals.jsonl"),
        "STATIC_ROOT": str(folder / "static"),
        "BEHIND_PROXY": "true",
    }
    with link.cursor() as cursor:
        for name in DATABASES:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    link.close()


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


@pytest.fixture(scope="module")
def owner(env):
    """The environment of whoever owns the tables, and nobody else."""
    return as_somebody_else(env, "portal")


@pytest.fixture(scope="module")
def portal(env, owner):
    """Set up as docker-compose.yml does, then serve."""
    run(owner, "keys", "create")
    for database in ("default", "keystore"):
        run(owner, "migrate", "--no-input", "--database", database)
        run(owner, "wall", "build", "--database", database)
    run(owner, "collectstatic", "--no-input")
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


def started(env):
    """What the web server's process says when it is started, and with which code it ends."""
    return subprocess.run(
        [sys.executable, "-c", "import portal.wsgi"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.clause("ISA-7.2")
def test_it_does_not_start_in_front_of_the_second_wall(env, owner, portal):
    said = started(owner)
    assert said.returncode == 3
    assert "portal goes round row-level security: use portal_app" in said.stderr
    worker = as_somebody_else(env, "portal_worker")
    said = started(worker)
    assert said.returncode == 3
    assert "may not read case keys" in said.stderr
    said = started(env | {"DATABASE_URL": worker["DATABASE_URL"]})
    assert said.returncode == 3
    assert "portal_worker sees every case and must serve no page" in said.stderr


def statement(owner, sql):
    """Run one statement as the owner."""
    link = psycopg2.connect(owner["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
    with link, link.cursor() as cursor:
        cursor.execute(sql)
    link.close()


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("ALTER TABLE requests_app_item DISABLE ROW LEVEL SECURITY", "no row-level security on"),
        ("DROP POLICY second_wall_read ON decisions_answer", "no row-level security on"),
        ("GRANT TRUNCATE ON agencies_agency TO portal_app", "TRUNCATE on agencies_agency"),
        ("GRANT DELETE ON audit_event TO portal_app", "DELETE on audit_event"),
        ("ALTER TABLE outbox_message OWNER TO portal_app", "owns tables"),
        (
            "CREATE OR REPLACE FUNCTION wall_edition() RETURNS text LANGUAGE sql AS $$SELECT 'x'$$",
            "of another edition",
        ),
    ],
)
def test_it_does_not_start_with_a_gap_in_the_second_wall(env, owner, portal, sql, why):
    assert "stands" in run(env, "wall", "check")
    statement(owner, sql)
    try:
        said = started(env)
        assert said.returncode == 3
        assert why in said.stderr
        assert "manage.py wall build" in said.stderr or "use portal_app" in said.stderr
    finally:
        if "OWNER" in sql:
            statement(owner, "ALTER TABLE outbox_message OWNER TO portal")
        run(owner, "wall", "build")
    assert started(env).returncode == 0


def test_a_worker_starts(env, portal):
    files = Path(env["FILES_DIR"])
    env = as_somebody_else(env, "portal_worker") | {"PORTAL_KEYS": "none"}
    for name in ("KEYSTORE_DATABASE_URL", "KEYRING_FILE", "FILES_DIR"):
        del env[name]  # as in docker-compose.yml
    log = files.with_name("worker.log")
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
