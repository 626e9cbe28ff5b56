"""Refuse to run without the services, before anything of Django is loaded."""

import os

import pytest

NEEDED = ("DATABASE_URL", "KEYSTORE_DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "PORTAL_VAR")

# Playwright's synchronous interface keeps an event loop running in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ["PYTEST"] = "true"


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
