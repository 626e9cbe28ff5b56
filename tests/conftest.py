"""What every test may use; each plugin says what it is for."""

import gc

import pytest
from django.middleware import csrf
from hypothesis import settings

# How long an example takes says how busy the machine is, and nothing else.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")

# Of these letters no token of a form spells by chance what a test looks for on its page.
csrf.CSRF_ALLOWED_CHARS = "bcdfghjklmnpqrstvwxz"

pytest_plugins = [
    "tests.plugins.checkpoints",
    "tests.plugins.in_flight",
    "tests.plugins.databases",
    "tests.plugins.people",
    "tests.plugins.served",
    "tests.plugins.lost_redis",
    "tests.plugins.mail",
    "tests.plugins.logs",
    "tests.plugins.worker",
    "tests.plugins.browsers",
    "tests.plugins.flat",
    "tests.plugins.clauses",
    "tests.plugins.durations",
    "tests.plugins.provider",
    "tests.plugins.embedded",
]


def pytest_collection_finish() -> None:
    """What is there before the first test stays, and need not be looked through for what may go."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def no_temporary_files(monkeypatch):
    """Whatever would lay a file down in the temporary folder fails."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("a file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", refuse)
