"""The token of an invitation's link: made from SECRET_KEY when it is needed, kept nowhere.

Whoever reads the database has the salt and a digest, and can make no link of them; the row of
the outbox holds the invitation's id alone (docs/adr/0047). The links of new passwords are made
of the same secret, which opens no record: so who writes e-mails needs no key ring (docs/adr/0070).
"""

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from secrets import token_hex

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from agencies.models import Invitation
from encryption.seal import length_prefixed

PURPOSE = "link of an invitation"
MADE_OF = "settings"  # where the secret of a link is, as its row says it
LASTS = timedelta(hours=72)


def renew(invitation: Invitation) -> None:
    """Give it a new link, good for 72 hours; the one before leads nowhere from now on."""
    invitation.salt = token_hex(32)
    invitation.key_id = MADE_OF
    invitation.sent_at = timezone.now()
    invitation.ends_at = invitation.sent_at + LASTS
    invitation.digest = digest_of(token_of(invitation))


def token_of(invitation: Invitation) -> str:
    """What its link ends in; another link as soon as the invitation is turned to somebody else."""
    person = invitation.membership.user
    whose = (person.pk.bytes, person.email.encode())
    message = length_prefixed(invitation.pk.bytes, invitation.salt.encode(), *whose)
    made = salted_hmac(PURPOSE, message, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def leads_somewhere(invitation: Invitation) -> bool:
    """Whether the link made now is the one it is found by: not once SECRET_KEY was changed."""
    return constant_time_compare(digest_of(token_of(invitation)), invitation.digest)


def digest_of(token: str) -> str:
    """By what an invitation is found; the token cannot be worked out from it."""
    return hashlib.sha256(token.encode()).hexdigest()
