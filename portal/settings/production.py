"""Production: every secret and address comes from the environment, and what is missing is named."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from portal.settings.backups import (
    BACKUP_DATA,
    BACKUP_DATA_BUCKET,
    BACKUP_DATA_DAYS,
    BACKUP_FILES_BUCKET,
    BACKUP_KEYSTORE,
    BACKUP_KEYSTORE_BUCKET,
    BACKUP_KEYSTORE_DAYS,
    require_days,
    require_place,
)
from portal.settings.base import *  # noqa: F403
from portal.settings.base import (
    FILE_SCANNER,
    METRICS_TOKEN,
    OPENS_RECORDS,
    PORTAL_KEYS,
    REDIS_TRANSPORT_OPTIONS,
    SECURITY_CONTACT,
    SILENCED_SYSTEM_CHECKS,
)
from portal.settings.environment import (
    BASE_DIR,
    env,
    in_allowed_region,
    plainly,
    postgres,
    require,
)
from portal.settings.objects import bucket, require_allowed
from portal.settings.transit import require_protected, require_protected_objects

MAKES_LINKS = PORTAL_KEYS != "signing"  # and sends e-mails: all but the sequencer of the ledger

require(
    [
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "REDIS_URL",
        *(["KEYSTORE_DATABASE_URL", "KEYRING_FILE"] if OPENS_RECORDS else []),
        *(["FILES_DIR"] if OPENS_RECORDS and not env.str("FILES_BUCKET", "").strip() else []),
        *(["DISPOSAL_REGISTER", "FILE_SCANNER"] if OPENS_RECORDS else []),
        *(["SECRET_KEY", "EMAIL_URL"] if MAKES_LINKS else []),
        "DEFAULT_FROM_EMAIL",
        "PORTAL_URL",
        "STORAGE_REGION",
        "ALLOWED_STORAGE_REGIONS",
        "BACKUPS",
    ]
)
if env.bool("DEBUG", False):
    raise ImproperlyConfigured("DEBUG shows what people typed on error pages: unset it.")

DEBUG = False
SECOND_FACTOR_REQUIRED = True  # whatever the environment says
STORAGE_REGION = in_allowed_region(env.str("STORAGE_REGION"), env.list("ALLOWED_STORAGE_REGIONS"))
FILES_BUCKET = bucket("FILES") if OPENS_RECORDS else None
BUCKETS = [FILES_BUCKET, BACKUP_FILES_BUCKET, BACKUP_DATA_BUCKET, BACKUP_KEYSTORE_BUCKET]
require_allowed(BUCKETS, env.list("ALLOWED_STORAGE_REGIONS"))
require_place(env.str("BACKUPS"), BACKUP_DATA, BACKUP_KEYSTORE)
require_days(BACKUP_DATA_DAYS, BACKUP_KEYSTORE_DAYS)
SECRET_KEY = env.str("SECRET_KEY") if MAKES_LINKS else secrets.token_urlsafe(50)
if len(SECRET_KEY) < 50:  # noqa: PLR2004 - the length that Django's own check asks for
    raise ImproperlyConfigured("SECRET_KEY needs 50 characters or more, all of them random.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * would take any.")
PORTAL_URL = env.str("PORTAL_URL").rstrip("/")
if not PORTAL_URL.startswith("https://"):
    raise ImproperlyConfigured("PORTAL_URL must begin with https://.")
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("https://", "mailto:")):
    raise ImproperlyConfigured("SECURITY_CONTACT must begin with https:// or mailto:.")

if METRICS_TOKEN and len(METRICS_TOKEN) < 32:  # noqa: PLR2004 - anybody may try one
    raise ImproperlyConfigured("METRICS_TOKEN needs 32 characters or more, all of them random.")

DATABASES = {"default": postgres("DATABASE_URL")}
if OPENS_RECORDS:
    DATABASES["keystore"] = postgres("KEYSTORE_DATABASE_URL")
for alias, database in DATABASES.items():
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"The database {alias!r} must be PostgreSQL.")
if OPENS_RECORDS and env.str("DATABASE_URL") == env.str("KEYSTORE_DATABASE_URL"):
    raise ImproperlyConfigured(
        "KEYSTORE_DATABASE_URL must be another database than DATABASE_URL: backups of the "
        "keys must be able to expire sooner than backups of what they open."
    )
require_protected(
    {
        name: env.str(name)
        for name in (
            *("DATABASE_URL", "BACKUP_DATABASE_URL", "BACKUP_KEYSTORE_DATABASE_URL"),
            *(["KEYSTORE_DATABASE_URL"] if OPENS_RECORDS else []),
        )
        if env.str(name, "")
    },
    {name: env.str(name) for name in ("REDIS_URL", "CELERY_BROKER_URL") if env.str(name, "")},
    env.str("EMAIL_URL") if MAKES_LINKS else "",
    FILE_SCANNER,
)
require_protected_objects(BUCKETS)
SECOND_WALL = True  # and no process starts that is not behind it
CACHES = {
    "default": {
        "BACKEND": "authentication.throttling.cache.RedisCacheOrTable",
        "LOCATION": env.str("REDIS_URL"),
        "KEY_PREFIX": "portal",
    }
}
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", env.str("REDIS_URL"))
CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_TRANSPORT_OPTIONS

KEYRING_FILE = Path(env.str("KEYRING_FILE")) if OPENS_RECORDS else None
# Only the sequencer of the ledger is given this file.
SIGNING_KEY_FILE = Path(env.str("SIGNING_KEY_FILE", "/run/secrets/ledger"))
LEDGER_NAME = env.str("LEDGER_NAME", f"{PORTAL_URL.removeprefix('https://')}/ledger")
FILES_DIR = Path(env.str("FILES_DIR")) if OPENS_RECORDS and not FILES_BUCKET else None
# Kept twice, and apart from both databases: what a restore brings back is destroyed again by it.
DISPOSAL_REGISTER = env.str("DISPOSAL_REGISTER") if OPENS_RECORDS else None
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))

with plainly("EMAIL_URL"):
    vars().update(env.email("EMAIL_URL") if MAKES_LINKS else {})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for from inside
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Whether browsers carry the domain on their own lists is for its owner to ask, not for us.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-portal_session"
CSRF_COOKIE_NAME = "__Host-portal_csrf"
# Only when told that a proxy sets this header itself: otherwise anybody could send it.
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Failed sign-ins are counted by address: without this, everybody's would be the proxy's.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", 1)
