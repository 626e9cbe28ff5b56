"""What every test may use; each plugin says what it is for."""

import gc

from django.middleware import csrf
from hypothesis import settings

# How long an example takes says how busy the machine is, and nothing else.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")

# Of these letters no token of a form spells by chance what a test looks for on its page.
csrf.CSRF_ALLOWED_CHARS = "bcdfghjklmnpqrstvwxz"

pytest_plugins = [
    "tests.plugins.checkpoints",
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
