"""For a module of tests: production settings, set up and served; small checkouts to set up."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from tests.patience import PATIENCE
from tests.portal.checkouts import Checkout, large, tiny, uv
from tests.portal.running import DATABASES, ROOT, addresses, as_somebody_else, run
from tests.portal.test_production import GOOD


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
        "METRICS_TOKEN": "zebra-" * 8,
        "PRIVATE_NETWORK": "database,redis",  # the tests' own servers, on loopback
    }
    with link.cursor() as cursor:
        for name in DATABASES:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    link.close()


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
        run(owner, "rls", "build", "--database", database)
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
    assert process.wait(PATIENCE) == 0


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    uv(folder)
    large(folder)
    for name in ("tiny_one", "tiny_two", "tiny_three"):
        tiny(folder, name)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def checkout(tmp_path, wheels, cache):
    return Checkout(tmp_path, wheels, cache).asks_for("tiny_one", "tiny_two")


@pytest.fixture(scope="module")
def shared(tmp_path_factory, wheels, cache):
    return Checkout(tmp_path_factory.mktemp("shared"), wheels, cache)


@pytest.fixture
def made(shared):
    """One that is set up, which whoever has it leaves set up again: making one takes a while."""
    env = dict(shared.env)
    code, said = shared.asks_for("tiny_one", "tiny_two").set_up()
    assert code == 0, said
    yield shared
    shared.env = env
