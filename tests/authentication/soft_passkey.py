"""A passkey in software, of which a test says what its owner was asked."""

import json
from hashlib import sha256
from os import urandom
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
HOST = "testserver"


class SoftPasskey:
    """One key of one person, made for the host of the tests' client."""

    def __init__(self, user: Any) -> None:
        self.user, self.id = user, urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def registered(self) -> Authenticator:
        """Have it among the person's, as if it had been added."""
        answer = self.added("", verified=True)
        data = {"name": "Soft", "credential": answer}
        return Authenticator.objects.create(user=self.user, type="webauthn", data=data)

    def added(self, challenge: str, *, verified: bool) -> dict[str, Any]:
        """What a browser says when it is added."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        said = self._said(verified, FLAG.AT, credential)
        client = self._client(CollectedClientData.TYPE.CREATE, challenge)
        attested = AttestationObject.create("none", said, {})
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(attested),
            }
        )

    def used(self, challenge: str, *, verified: bool) -> dict[str, Any]:
        """What a browser says when it is used."""
        said = self._said(verified)
        client = self._client(CollectedClientData.TYPE.GET, challenge)
        signed = self.key.sign(said + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        handle = user_pk_to_url_str(self.user).encode()
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(said),
                "signature": websafe_encode(signed),
                "userHandle": websafe_encode(handle),
            }
        )

    def _said(self, verified: bool, more: FLAG | None = None, credential: Any = b"") -> Any:
        flags = FLAG.UP | FLAG.UV if verified else FLAG.UP
        place = sha256(HOST.encode()).digest()
        return AuthenticatorData.create(place, flags | more if more else flags, 1, credential)

    def _client(self, kind: str, challenge: str) -> bytes:
        origin = f"https://{urlsplit(f'//{HOST}').hostname}"
        said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }
