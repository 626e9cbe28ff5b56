"""How people prove who they are: passwords, second factors, single sign-on, sessions."""

from datetime import timedelta

from authentication.sso.providers import read_sign_on
from portal.settings.environment import env

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["authentication.backend.Backend"]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = [
    "authentication.passwords.hashers.BoundedArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "authentication.passwords.validators.WordsOfHereValidator"},
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
# Floods only: what holds guesses back is in authentication/throttling and authentication/passwords.
# Django's own, which reads no more than the person's row: the library's would also write one.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip",  # of passkeys only: by account, one person would bar another
    "reset_password": "60/m/ip",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "30/m/user",
}
# How old a proof of who one is may be before information goes out or keys change hands.
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", 10)

# Second factors (docs/adr/0050 to 0052). Only the demonstration and most tests do without.
SECOND_FACTOR_REQUIRED = True
MFA_ADAPTER = "authentication.mfa.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # the device always asks who its user is
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds by which clocks may differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}  # nothing to guess, many share an address
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by the register
MFA_FORMS = {
    "authenticate": "authentication.mfa.forms.SignInCodeForm",
    "reauthenticate": "authentication.mfa.forms.ProveAgainCodeForm",
    "activate_totp": "authentication.mfa.forms.SetUpAppForm",
    "login_webauthn": "authentication.mfa.forms.SignInPasskeyForm",
    "authenticate_webauthn": "authentication.mfa.forms.SecondPasskeyForm",
    "reauthenticate_webauthn": "authentication.mfa.forms.ProveAgainPasskeyForm",
    "add_webauthn": "authentication.mfa.forms.AddPasskeyForm",
    "edit_webauthn": "authentication.mfa.forms.RenamePasskeyForm",
}

# Single sign-on: who may be signed in by whom, see docs/sign-on.md. Nobody is known by an address.
SSO = read_sign_on(env.str("SSO_PROVIDERS", ""))
SOCIALACCOUNT_ADAPTER = "authentication.sso.social_adapter.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "authentication.sso.provider.StrictProvider"}
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_QUERY_EMAIL = False

SESSION_ENGINE = "sessions.store"
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
CSRF_FAILURE_VIEW = "portal.form_recovery.csrf_failed"
