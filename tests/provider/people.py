"""What the provider says about its people, and how a test bends it."""

import time
from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import PrivateKey
from django.conf import settings

# What each person's tokens say on top, by user name: ``tid``, ``oid``, ``amr``.
CLAIMS: dict[str, dict[str, Any]] = {}
# How the next tokens are bent: ``forge`` (signed with a key of somebody else), ``age`` (seconds
# by which they are too old), ``say`` (claims that take the place of the right ones).
BENT: dict[str, Any] = {}


class ClaimsAdapter(DefaultOIDCAdapter):
    """Adds the claims by which Microsoft's provider names a tenant and a person in it."""

    def get_claims(self, purpose: Any, user: Any, client: Any, scopes: Any, **more: Any) -> Any:
        """As the library has it, and ours."""
        claims = super().get_claims(purpose, user, client, scopes, **more)
        return {**claims, **CLAIMS.get(user.username, {})}

    def populate_id_token(
        self, id_token: dict[str, Any], client: Any, scopes: Iterable[str], **more: Any
    ) -> None:
        """Bend it, if a test asked for that."""
        if age := BENT.get("age"):
            id_token["iat"] = int(time.time()) - age - 300
            id_token["exp"] = int(time.time()) - age
        for claim, value in BENT.get("say", {}).items():
            if value is None:
                id_token.pop(claim, None)
            else:
                id_token[claim] = value

    def get_signing_key(self) -> PrivateKey:
        """The provider's own key, or somebody else's."""
        if BENT.get("forge"):
            return PrivateKey(pem=settings.FORGED_KEY)
        return super().get_signing_key()
