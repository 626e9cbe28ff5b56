"""The embedded default: everything under ``var/``, nothing to install but Python packages."""

from pathlib import Path

from portal.logs import logging_config
from portal.settings.base import *  # noqa: F403
from portal.settings.environment import BASE_DIR, env, local_secret

VAR = Path(env.str("PORTAL_VAR", str(BASE_DIR / "var")))
PORT = env.int("PORT", 8000)
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


DATABASES = {"default": sqlite("portal.sqlite3"), "keystore": sqlite("keystore.sqlite3")}
CACHES = {
    # One cache for all processes, or each would count its own failed sign-ins.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

KEYRING_FILE = VAR / "keyring.json"
SIGNING_KEY_FILE = VAR / "ledger.key"
LEDGER_NAME = "demonstration/ledger"
FILES_DIR = VAR / "files"
DISPOSAL_REGISTER = VAR / "disposals.jsonl"
MAIL_DIR = VAR / "mail"
STATIC_ROOT = VAR / "static"
LOGGING = logging_config(env.str("LOG_LEVEL", "WARNING"))  # a terminal, where people read
EMAIL_BACKEND = "portal.demo.mail.FileBackend"

CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(VAR / "broker" / "messages"),
    "data_folder_out": str(VAR / "broker" / "messages"),
    "control_folder": str(VAR / "broker" / "control"),
    "store_processed": False,
    "polling_interval": 0.2,  # a look takes as many messages as fit in hand; the stock one is 1 s
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 16
for folder in ("messages", "control"):
    (VAR / "broker" / folder).mkdir(parents=True, exist_ok=True)
