"""What holds wherever the portal runs. Places to run add databases, secrets and mail."""

import logging
from datetime import timedelta

from csp.constants import NONE, SELF

from portal.logs import logging_config
from portal.settings.environment import BASE_DIR, env
from signin.sso import read_sign_on

# Rooms

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
    "signed_in",
    "signin",
    "agreement",
    "requests_app",
    "decisions",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.middleware.NothingKeptMiddleware",
    "portal.logs.RequestLogMiddleware",
    "portal.middleware.PlainTextMiddleware",
    "signed_in.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.expired.ExpiredMiddleware",
    "signin.devices.KnownDeviceMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.UnitOfWorkMiddleware",
    "signin.factors_middleware.SecondFactorMiddleware",
    "portal.acting.ActingMiddleware",
    "portal.middleware.SightMiddleware",
    "portal.refusals.RefusalMiddleware",
    "portal.prove_again.ProveAgainMiddleware",
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
            "builtins": ["portal.templatetags.portal_forms"],
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

# People

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# Guardian only stores grants; agencies.holding reads them, and nobody asks ``has_perm``.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "signin.passwords.WordsOfHereValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.accounts.ClosedSignupAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "login": "portal.account_forms.SignInForm",
    "reset_password": "portal.account_forms.AskForNewPasswordForm",
    "reset_password_from_key": "portal.account_forms.NewPasswordForm",
    "change_password": "portal.account_forms.ChangePasswordForm",
    "reauthenticate": "portal.account_forms.ProveAgainForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
PASSWORD_RESET_TIMEOUT = 60 * 60
# Floods only: what guesses are held by is in signin/guesses.py and signin/forgotten.py.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "reset_password": "60/m/ip",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "30/m/user",
}
# How old a proof of who one is may be before information goes out or keys change hands.
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", 10)

# Second factors (docs/adr/0050 to 0052). Only the demonstration and most tests do without.
SECOND_FACTOR_REQUIRED = True
MFA_ADAPTER = "signin.factors_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"  # after a password; alone, the device must ask
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds by which clocks may differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}  # nothing to guess, many share an address
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by the register
MFA_FORMS = {
    "authenticate": "signin.factors_forms.SignInCodeForm",
    "reauthenticate": "signin.factors_forms.ProveAgainCodeForm",
    "activate_totp": "signin.factors_forms.SetUpAppForm",
    "login_webauthn": "signin.factors_forms.SignInPasskeyForm",
    "authenticate_webauthn": "signin.factors_forms.SecondPasskeyForm",
    "reauthenticate_webauthn": "signin.factors_forms.ProveAgainPasskeyForm",
    "add_webauthn": "signin.factors_forms.AddPasskeyForm",
    "edit_webauthn": "signin.factors_forms.RenamePasskeyForm",
}

# Single sign-on: who may be signed in by whom, see docs/sign-on.md. Nobody is known by an address.
SSO = read_sign_on(env.str("SSO_PROVIDERS", ""))
SOCIALACCOUNT_ADAPTER = "signin.social.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "signin.sso_provider.StrictProvider"}
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_QUERY_EMAIL = False

SESSION_ENGINE = "signed_in.store"
SESSION_IDLE = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", 30))
SESSION_WARNING = timedelta(minutes=2)  # before the end, whichever comes first
SESSION_LONGEST = timedelta(hours=env.int("SESSION_LONGEST_HOURS", 10))
SESSION_SEEN_EVERY = timedelta(minutes=1)  # not at each request: that would be a write for each
SESSION_OF_A_VISITOR = timedelta(hours=1)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.expired.csrf_failed"

# Words and time

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing uses it
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["encryption.uploads.BoundedMemoryUploadHandler"]
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

# Work in the background: the outbox's sweep is the guarantee, Celery only makes it quick.

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
CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": {"task": "outbox.tasks.sweep", "schedule": 30.0},
    "forget used codes": {"task": "signin.tasks.forget_used_codes", "schedule": 3600.0},
    "forget ended sessions": {"task": "portal.tasks.forget_ended_sessions", "schedule": 3600.0},
    "remind of people": {"task": "agencies.tasks.remind_of_people", "schedule": 3600.0},
    "remind of the review": {"task": "agreement.tasks.remind_of_reviews", "schedule": 3600.0},
}
# Without these two a lost worker's message would wait minutes longer than the first says.
REDIS_TRANSPORT_OPTIONS = {
    "visibility_timeout": 180,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 5,
    "socket_timeout": 30,
}

# The modules whose LETTERS say who writes the letter of each topic.
OUTBOX_LETTERS = [
    "requests_app.letters",
    "decisions.letters",
    "signin.sso_letters",
    "signin.password_letters",
    "signin.factors_letters",
    "agreement.letters",
    "agencies.letters",
]
# The module that says which decision flows an edition of the agreement can bring.
AGREEMENT_FLOWS = "decisions.flows"

EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = "portal@localhost"

# Logs: codes, ids and places in the code; never what a person typed.

LOGGING = logging_config(env.str("LOG_LEVEL", "INFO"))
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # the end of a request says it all
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = True
