"""The token of an invitation's link: made from a key of the ring when it is needed, kept nowhere.

Whoever reads the database has the salt and a digest, and can make no link of them; the row of
the outbox holds the invitation's id alone (docs/adr/0047).
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from secrets import token_hex

from django.utils import timezone

from agencies.models import Invitation
from encryption.provider import key_provider
from encryption.seal import length_prefixed

PURPOSE = "link of an invitation"
LASTS = timedelta(hours=72)


def renew(invitation: Invitation) -> None:
    """Give it a new link, good for 72 hours; the one before leads nowhere from now on."""
    invitation.salt = token_hex(32)
    invitation.key_id = key_provider().purpose_key(PURPOSE)[0]
    invitation.sent_at = timezone.now()
    invitation.ends_at = invitation.sent_at + LASTS
    invitation.digest = digest_of(token_of(invitation))


def token_of(invitation: Invitation) -> str:
    """What its link ends in."""
    _id, key = key_provider().purpose_key(PURPOSE, invitation.key_id)
    message = length_prefixed(invitation.pk.bytes, invitation.salt.encode())
    made = hmac.new(key, message, hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def digest_of(token: str) -> str:
    """By what an invitation is found; the token cannot be worked out from it."""
    return hashlib.sha256(token.encode()).hexdigest()
