"""The tests: PostgreSQL and Redis as in production, started by scripts/with_services.py.

Without services this still loads, on SQLite in memory, for the type checker and for
``makemigrations --check``; pytest refuses to run on that.
"""

from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.base import INSTALLED_APPS, OPENS_RECORDS, REDIS_TRANSPORT_OPTIONS
from portal.settings.environment import BASE_DIR, env, postgres
from portal.settings.objects import bucket

DEBUG = False
SECOND_FACTOR_REQUIRED = False  # tests of second factors turn it on
STEP_UP_MINUTES = 45  # so that nobody who was signed in for a test is asked again on a busy machine
SECRET_KEY = "only for tests"  # noqa: S105 - opens nothing
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PORTAL_URL = "http://localhost:8000"
SECURITY_CONTACT = "mailto:security@portal.example"
INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]

if env.str("DATABASE_URL", ""):
    DATABASES = {"default": postgres("DATABASE_URL")}
    if OPENS_RECORDS:
        DATABASES["keystore"] = postgres("KEYSTORE_DATABASE_URL")
    for database in DATABASES.values():
        database["CONN_MAX_AGE"] = 0
    SECOND_WALL = True
    WALL_ROLE = env.str("WALL_ROLE", "portal_app")  # tests set up and look on as the owner
    CACHES = {
        "default": {
            "BACKEND": "authentication.throttling.cache.RedisCacheOrTable",
            "LOCATION": env.str("REDIS_URL"),
        }
    }
    CELERY_BROKER_URL = env.str("CELERY_BROKER_URL")
    CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_TRANSPORT_OPTIONS
else:
    DATABASES = {
        alias: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        for alias in ("default", "keystore")
    }
    CELERY_BROKER_URL = "memory://"

REDIS_TIMEOUT = 30  # where many tests run at once nobody is fast; tests of faults set it shorter

VAR = Path(env.str("PORTAL_VAR", str(BASE_DIR / "var" / "test")))
# A drill runs commands in processes of their own, and says there where these are.
KEYRING_FILE = Path(env.str("KEYRING_FILE", str(VAR / "keyring.json")))
SIGNING_KEY_FILE = VAR / "ledger.key"
LEDGER_NAME = "tests.invalid/ledger"
FILES_DIR = Path(env.str("FILES_DIR", str(VAR / "files")))
FILES_BUCKET = bucket("FILES") if OPENS_RECORDS else None
DISPOSAL_REGISTER = Path(env.str("DISPOSAL_REGISTER", str(VAR / "disposals.jsonl")))
if not OPENS_RECORDS:
    KEYRING_FILE = FILES_DIR = VAR / "not given to this process"
MAIL_DIR = VAR / "mail"
FILE_SCANNER = "none"  # tests of scanning have one
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    # live_server finds the files itself; the manifest has tests of its own.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
# What is slow so that guessing is: tests of it ask for its full cost, and so does the bench.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TOKEN_SCRYPT_N = env.int("TOKEN_SCRYPT_N", 16)

# The worker of the tests gets EMAIL_URL of the tests' SMTP server.
vars().update(env.email("EMAIL_URL", default="smtp://127.0.0.1:9"))
CELERY_TASK_ROUTES = ("tests.plugins.routes.route",) if env.bool("PYTEST", False) else ()
