"""Refuse to run without the services, before Django is loaded; give each worker its lane."""

import json
import os
import tempfile
from pathlib import Path

import pytest

NEEDED = ("DATABASE_URL", "KEYSTORE_DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "PORTAL_VAR")

# Playwright's synchronous interface keeps an event loop running in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ["PYTEST"] = "true"

# Workers of one run share no service and no folder: some tests read every byte of theirs.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if WORKER:
    lanes = json.loads(os.environ.get("PORTAL_LANES", "[]"))
    number = int(WORKER.removeprefix("gw"))
    if number >= len(lanes):
        raise pytest.UsageError("SERVICES_LANES must be the number that -n asks for.")
    os.environ.update(lanes[number])
    tempfile.tempdir = None  # it was looked up before the lane was known


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep what a worker's tests write in the folder of its lane, where the run's would be."""
    if WORKER:
        config.option.basetemp = Path(os.environ["TMPDIR"]) / "pytest"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Say how to start the tests when somebody starts them bare."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        raise pytest.UsageError(
            "The tests need PostgreSQL and Redis, which are started for them by:\n"
            '    make test ARGS="tests/..."\n'
            "or  .venv/bin/python scripts/with_services.py"
            " -- .venv/bin/python -m pytest tests/...\n"
            f"(missing: {', '.join(missing)})"
        )
