"""For the commands that make keys, before there is anything else: no database, and no secret.

``manage.py`` chooses these settings for them, whatever the environment names.
"""

import secrets
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.environment import env

SECRET_KEY = secrets.token_urlsafe(50)
DATABASES = {
    alias: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    for alias in ("default", "keystore")
}
KEYRING_FILE = Path(env.str("KEYRING_FILE", "keyring.json"))
SIGNING_KEY_FILE = Path(env.str("SIGNING_KEY_FILE", "ledger.key"))
PORTAL_URL = env.str("PORTAL_URL", "https://portal.invalid").rstrip("/")
LEDGER_NAME = env.str("LEDGER_NAME", f"{PORTAL_URL.removeprefix('https://')}/ledger")
FILES_DIR = DISPOSAL_REGISTER = None
CELERY_BROKER_URL = ""
