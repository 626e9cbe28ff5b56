"""Whether a token is what it seems: who signed it, for whom, for which sign-in, and until when.

The library does not check the signature of a token that it fetched itself. We do: nothing then
hangs on the way by which the token came.
"""

import hashlib
import json
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

import jwt
from allauth.socialaccount.providers.base import ProviderException

from authentication.sso.providers import EACH_TENANT, Provider

# Signatures with a pair of keys: whoever can check one cannot make one.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
CLOCKS_DIFFER = 30  # seconds
MUST_SAY = ["iss", "aud", "exp", "iat", "nonce"]


class NotProven(ProviderException):  # type: ignore[misc]
    """The token proves nothing; the text is a code for the log, and holds nothing of the token."""


@dataclass(frozen=True)
class Proven:
    """What a sound token says, as far as we need it."""

    uid: str
    second_factor: bool


def prove(token: str, provider: Provider, keys: Any, nonce: str) -> Proven:
    """Check one identity token against the provider's published keys; raises NotProven."""
    claims = claims_of(token, provider, keys)
    if not nonce or not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise NotProven("nonce")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1:
        if claims.get("azp") != provider.client_id:
            raise NotProven("azp")
    elif claims.get("azp", provider.client_id) != provider.client_id:
        raise NotProven("azp")
    tenant, person = claims.get(provider.tenant_claim), claims.get(provider.object_claim)
    if not isinstance(tenant, str) or tenant not in provider.tenants:
        raise NotProven("tenant")
    if not isinstance(person, str) or not person.strip():
        raise NotProven("object id")
    if claims["iss"] != provider.issuer.replace(EACH_TENANT, tenant):
        raise NotProven("issuer of another tenant")
    return Proven(uid_of(tenant, person), shows_second_factor(claims, provider))


def claims_of(token: str, provider: Provider, keys: Any) -> dict[str, Any]:
    """The claims of a token with a good signature, of this issuer, for us, and in date."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = next(each for each in jwt.PyJWKSet.from_dict(keys).keys if kid and each.key_id == kid)
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuers,
            leeway=CLOCKS_DIFFER,
            options={"require": MUST_SAY},
        )
    except StopIteration:
        raise NotProven("unknown key") from None
    except (jwt.PyJWTError, AttributeError, TypeError, ValueError) as fault:
        raise NotProven(type(fault).__name__) from None
    return claims


def uid_of(tenant: str, person: str) -> str:
    """One text for a person of a tenant; no two pairs give the same.

    A digest, as an address of an issuer and a subject would not always fit the column, and so
    that whoever reads the table does not learn how the provider knows anybody.
    """
    return hashlib.sha256(json.dumps([tenant, person]).encode()).hexdigest()


def shows_second_factor(claims: dict[str, Any], provider: Provider) -> bool:
    """Whether the provider says that it asked for a second factor, in the words agreed on."""
    said = claims.get("amr")
    methods = {each for each in said if isinstance(each, str)} if isinstance(said, list) else set()
    return bool(methods & provider.amr) or (
        isinstance(claims.get("acr"), str) and claims["acr"] in provider.acr
    )
