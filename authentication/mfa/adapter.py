"""How allauth's second factors behave here: secrets sealed at rest, our words, our e-mails."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import User
from agencies.partnership.selectors import the_partnership
from authentication.mfa import factors
from encryption.purposes import open_text, seal_text

PURPOSE = "second factor"
ISSUER_CHARACTERS = 60


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What the library asks of whoever uses it."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "This is your only second sign-in method. Add another one first."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes are for whoever has a passkey or an authenticator app. Add one first."
        ),
        "incorrect_code": gettext_lazy("That is not right. Try again"),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is kept (docs/adr/0050)."""
        return seal_text(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again."""
        return open_text(PURPOSE, encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Nobody takes away their last one where one is required; asked again under a lock."""
        return factors.may_go(authenticator)

    def get_totp_issuer(self) -> str:
        """Under what name an authenticator app lists its codes."""
        return the_partnership().service_name[:ISSUER_CHARACTERS]

    def build_totp_svg(self, url: str) -> str:
        """Nothing: the page draws the code itself, as the policy refuses pictures in an address."""
        return ""

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        """What a passkey is called if its owner says nothing."""
        number = Authenticator.objects.filter(user=user, type=kind).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """To whom a passkey belongs: this host, under the service's name."""
        host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": the_partnership().service_name}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Our own e-mails go through the outbox."""
