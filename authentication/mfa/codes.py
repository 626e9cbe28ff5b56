"""Codes that people type: each is taken once, by whichever process gets to it first.

The sign-in library marks a one-time code in the cache and lets it be used again after 30 seconds,
although it is still valid by then if clocks may differ; and not at all while it is being set up.
Here a row with a unique constraint decides (docs/adr/0051).
"""

import logging
from datetime import timedelta

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import User
from authentication.models import UsedCode
from encryption.errors import EncryptionFault

logger = logging.getLogger(__name__)

Type = Authenticator.Type
APP = "app"
KEPT = timedelta(days=1)  # many times as long as any code is valid


class UsedBefore(Exception):
    """The code is right, and somebody has used it already."""


@transaction.atomic
def take(user: User, code: str) -> Authenticator | None:
    """The factor that this code is of, from now on used; or None. Raises UsedBefore."""
    theirs = Authenticator.objects.filter(user=user, type__in=(Type.TOTP, Type.RECOVERY_CODES))
    for factor in theirs.select_for_update().order_by("-type"):  # the app's first
        try:
            is_right = _is_of(factor, user, code)
        except EncryptionFault as fault:  # a damaged one must not stand before the others
            logger.error("a second factor cannot be opened: %s", fault)  # noqa: TRY400 - no secrets
            continue
        if is_right:
            return factor
    return None


def take_of_secret(user: User, secret: str, code: str) -> bool:
    """Whether it is a code of a secret that is being set up, from now on used."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            _use(user, APP, step)
            return True
    return False


def _is_of(factor: Authenticator, user: User, code: str) -> bool:
    if factor.type == Type.TOTP:
        return take_of_secret(user, decrypt(factor.data["secret"]), code)
    codes = factor.wrap()
    for number, each in enumerate(codes.generate_codes()):
        if compare_user_code(actual=code, expected=each):
            if codes._is_code_used(number):
                raise UsedBefore
            _use(user, f"recovery {factor.pk}", number)
            codes._mark_code_used(number)
            return True
    return False


def _use(user: User, of: str, number: int) -> None:
    """Write down that it is used; of two who do so at once, one gets UsedBefore."""
    try:
        with transaction.atomic():
            UsedCode.objects.create(user=user, of=of, number=number)
    except IntegrityError:
        raise UsedBefore from None


def forget_old_ones() -> int:
    """Forget codes that are long invalid; a recovery code is also marked in its own set."""
    gone, _each = UsedCode.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return gone
