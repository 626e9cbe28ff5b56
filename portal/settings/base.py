"""What holds wherever the portal runs. Places to run add databases, secrets and mail."""

import logging
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from encryption.stores.address import Bucket
from portal.logs import logging_config
from portal.settings.backups import *  # noqa: F403
from portal.settings.backups import BACKUP_DATA, BACKUP_KEYSTORE, schedule
from portal.settings.environment import BASE_DIR, a_scanner, env, one_of
from portal.settings.proving import *  # noqa: F403
from portal.settings.proving import SSO

# Apps

INSTALLED_APPS = [
    "agencies",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sites",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "guardian",
    "simple_history",
    "csp",
    "encryption",
    "outbox",
    "audit",
    "backups",
    "sessions",
    "authentication",
    "agreement",
    "requests_app",
    "decisions",
    "retention",
    "portal",
]

# From the outside inwards: each wraps those below it.
MIDDLEWARE = [
    # Whatever comes without TLS goes no further.
    "django.middleware.security.SecurityMiddleware",
    # Static files need nothing of what follows.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Headers of every page, of errors and refusals too.
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    # Static files may be kept by a browser; what comes from here on may not.
    "portal.middleware.NothingKeptMiddleware",
    # Sees each answer of ours and how long it took, with the wait for a connection.
    "portal.logs.RequestLogMiddleware",
    # Before the first that asks a database.
    "portal.slots.SlotMiddleware",
    # Before anything reads a cookie or a form.
    "portal.middleware.PlainTextMiddleware",
    # Outside of every transaction: workers look for what is committed.
    "portal.middleware.OneWakeUpMiddleware",
    # Who is signed in needs the session; a form's token is kept apart from it.
    "sessions.middleware.SessionMiddleware",
    # Addresses without their last slash, and the length of an answer.
    "django.middleware.common.CommonMiddleware",
    # No view sees a form that another site sent.
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before whatever sends somebody away to sign in: it keeps what they posted.
    "portal.form_recovery.ExpiredMiddleware",
    # Marks the browser with the answer of the page on which somebody signed in.
    "authentication.sessions.devices.KnownDeviceMiddleware",
    # Visitors get no further, but for pages that are open to them.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    # allauth asks for it wherever a view of its own runs.
    "allauth.account.middleware.AccountMiddleware",
    # In the session, so below it; pages and refusals below add to them.
    "django.contrib.messages.middleware.MessageMiddleware",
    # For browsers that do not know frame-ancestors.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Around whatever opens a record, so that no key outlives its request.
    "portal.middleware.UnitOfWorkMiddleware",
    # Whoever has not proved themselves acts for nobody.
    "authentication.mfa.middleware.SecondFactorMiddleware",
    # Who acts, and for which agency: those below ask it.
    "portal.acting.ActingMiddleware",
    # Before the transaction begins, so that a slow scanner holds no lock.
    "portal.middleware.ScanMiddleware",
    # One transaction for the view, in which the database knows who acts.
    "portal.middleware.RlsSessionMiddleware",
    # Within that transaction: what a refusal leaves behind is kept.
    "portal.refusals.RefusalMiddleware",
    "portal.reauthentication.ProveAgainMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
SITE_ID = 1
# Not in a cookie, where the next person at the same browser would read them.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.templatetags.portal_constants",
                "portal.templatetags.portal_forms",
                "portal.templatetags.portal_tables",
                "portal.templatetags.portal_tags",
                "portal.templatetags.portal_text",
                "requests_app.templatetags.naming",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "portal.renderer.PortalRenderer"

# Databases: the keystore is one of its own, so that its backups can expire sooner.

DATABASE_ROUTERS = ["encryption.router.KeystoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Whether PostgreSQL keeps the reach once more (docs/adr/0058), and in which role a page is served
# where the connection has another one: only in tests.
SECOND_WALL = False
WALL_ROLE = ""

# Whether invented people and a page of all sent mail may be here: never where real people are.
DEMONSTRATION = False
# How many connections to each database one web container opens at the most; 0 sets no bound.
DATABASE_CONNECTIONS = env.int("DATABASE_CONNECTIONS", 20)
# People: how they prove who they are is in portal/settings/proving.py.

# Guardian only stores grants; agencies.grants reads them, and nobody asks ``has_perm``.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# Words and time

LANGUAGE_CODE = "en-gb"
# Texts are marked for translation; while there is one language, none is looked up (ADR 115).
USE_I18N = False
TIME_ZONE = "Europe/London"
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing uses it
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Sealed files lie in FILES_DIR, or in a bucket.
FILES_BUCKET: Bucket | None = None
FILE_UPLOAD_HANDLERS = ["encryption.uploads.BoundedMemoryUploadHandler"]
# The clamd that looks through what people add; "none" says that nothing does.
FILE_SCANNER = a_scanner("FILE_SCANNER")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Headers

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Browsers hold a form that leads on to a provider to this too.
        "form-action": [SELF, *SSO.origins],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# Work in the background: the outbox's sweep is the guarantee, Celery only makes it quick. Without
# a broker (the embedded default) `manage.py work` does both, and the clock's tasks.

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
# Of the clock itself nothing is kept: each of these asks the database whether it is due.
HOURLY = {
    "forget used codes": "authentication.tasks.forget_used_codes",
    "forget ended sessions": "portal.tasks.forget_ended_sessions",
    "remind of people": "agencies.tasks.remind_of_people",
    "send the checkpoint": "agencies.tasks.send_checkpoint",
    "remind of the review": "agreement.tasks.remind_of_reviews",
    "remind of statements": "retention.tasks.remind_of_statements",
    "remind to sign": "agreement.tasks.remind_to_sign",
}
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep the outbox": {"task": "outbox.tasks.sweep", "schedule": 30.0},
    "remind of times": {"task": "requests_app.tasks.remind_of_times", "schedule": 60.0},
    **{name: {"task": task, "schedule": crontab(minute="*/5")} for name, task in HOURLY.items()},
    **schedule(BACKUP_DATA, BACKUP_KEYSTORE),
}
# How long a page waits for Redis, in seconds. Of a page there are two who ask, who counts guesses
# and who wakes the workers, and each waits twice or three times: together 0.2 seconds at the most.
REDIS_TIMEOUT = 0.04
# Without these two a lost worker's message would wait minutes longer than the first says.
REDIS_TRANSPORT_OPTIONS = {
    "visibility_timeout": 180,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 5,
    "socket_timeout": 30,
}

# The modules whose NOTIFICATIONS say who writes the e-mail of each topic.
OUTBOX_NOTIFICATIONS = [
    "requests_app.notifications",
    "decisions.notifications",
    "retention.notifications",
    "authentication.sso.notifications",
    "authentication.passwords.notifications",
    "authentication.mfa.notifications",
    "authentication.mfa_reset.notifications",
    "agreement.notifications",
    "agencies.notifications",
]
# What writes the letter that tells one person of several things.
OUTBOX_DIGEST = "agencies.composing.several"
# What does every disposal over after a restore, and says how many there were.
REPLAY_DISPOSALS = "retention.disposal.destroying.replay_all"
# How long an approved disposal waits, in days, and can be cancelled.
DISPOSAL_WAIT_DAYS = env.int("DISPOSAL_WAIT_DAYS", 14)
# Which keys this process gets: "ring", "signing" (the sequencer of the ledger) or "none". Only the
# first has the ring, the keystore and the folder of the files (docs/adr/0070).
PORTAL_KEYS = one_of("PORTAL_KEYS", ["ring", "signing", "none"])
OPENS_RECORDS = PORTAL_KEYS == "ring"
# The modules whose USES say what else, beside case keys and sealed columns, keys are needed for.
KEY_USES = ["authentication.key_uses", "requests_app.key_uses"]
# The module that says which decision flows an edition of the agreement can bring.
AGREEMENT_FLOWS = "decisions.flows"

# What `serve` notes of the processes that it runs, where it runs them.
RUNNING_RECORD: Path | None = None

EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = "portal@localhost"
# Whom to tell of a weakness, as an address that begins with https: or mailto: (RFC 9116).
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
# Whoever has it may read what the portal says of its own work (portal/metrics.py).
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# Logs: codes, ids and places in the code; never what a person typed.

LOGGING = logging_config(env.str("LOG_LEVEL", "INFO"))
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # the end of a request says it all
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = True
