"""The embedded default: everything under ``var/``, nothing to install but Python packages."""

from pathlib import Path

from portal.logs import logging_config
from portal.settings.base import *  # noqa: F403
from portal.settings.base import CELERY_BEAT_SCHEDULE, HOURLY, OPENS_RECORDS
from portal.settings.environment import BASE_DIR, a_port, env, local_secret

VAR = Path(env.str("PORTAL_VAR", str(BASE_DIR / "var")))
PORT = a_port("PORT", 8000)
PORTAL_URL = env.str("PORTAL_URL", f"http://localhost:{PORT}")

DEBUG = False
DEMONSTRATION = True
SECOND_FACTOR_REQUIRED = False  # invented people share one pass phrase
SECRET_KEY = local_secret(VAR / "secret_key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SESSION_COOKIE_NAME = f"portal_session_{PORT}"  # two checkouts on one machine stay apart
CSRF_COOKIE_NAME = f"portal_csrf_{PORT}"


def sqlite(name: str) -> dict[str, object]:
    """One SQLite file in which transactions wait for each other and none is lost."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        },
    }


DATABASES = {"default": sqlite("portal.sqlite3")}
if OPENS_RECORDS:
    DATABASES["keystore"] = sqlite("keystore.sqlite3")
CACHES = {
    # One cache for all processes, or each would count its own failed sign-ins.
    "default": {
        "BACKEND": "authentication.throttling.cache.SwappingDatabaseCache",
        "LOCATION": "cache",
    }
}

KEYRING_FILE = VAR / "keyring.json"
SIGNING_KEY_FILE = VAR / "ledger.key"
LEDGER_NAME = "demonstration/ledger"
FILES_DIR = VAR / "files"
DISPOSAL_REGISTER = VAR / "disposals.jsonl"
DISPOSAL_WAIT_DAYS = 0  # whoever shows the demonstration has no fortnight
if not OPENS_RECORDS:
    KEYRING_FILE = FILES_DIR = VAR / "not given to this process"
MAIL_DIR = VAR / "mail"
STATIC_ROOT = VAR / "static"
LOGGING = logging_config(env.str("LOG_LEVEL", "WARNING"))  # a terminal, where people read
EMAIL_BACKEND = "demo.mail.FileBackend"

# No broker: the outbox is the queue, and `manage.py work` beside the web server empties it.
CELERY_BROKER_URL = ""
# Its loop keeps the time itself, and begins with each of them at each start.
CELERY_BEAT_SCHEDULE = {
    **CELERY_BEAT_SCHEDULE,
    **{name: {"task": task, "schedule": 3600.0} for name, task in HOURLY.items()},
}
# What the parent of the processes notes of them, for the status page.
RUNNING_RECORD = VAR / "running.json"
