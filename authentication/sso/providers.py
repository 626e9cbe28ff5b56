"""Which providers people may sign in with, as the deployment's environment says.

Read by the settings, so it needs nothing of Django's applications. A mistake does not stop the
reading: it is kept, told by a system check, and the provider it is in is not offered.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# What can be changed, or given to somebody else: nobody is known by it.
CHANGES_HANDS = frozenset(
    {"email", "mail", "preferred_username", "unique_name", "upn", "name", "nickname"}
)
MUST = ("id", "name", "issuer", "client_id", "client_secret")
MAY = ("tenants", "tenant_claim", "object_claim", "second_factor", "server_url", "origins")
# Where an issuer is written for many tenants at once, this stands in the tenant's place.
EACH_TENANT = "{tenantid}"


@dataclass(frozen=True)
class Provider:
    """One provider of single sign-on."""

    slug: str
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    tenants: frozenset[str]
    server_url: str
    tenant_claim: str = "iss"
    object_claim: str = "sub"
    amr: frozenset[str] = frozenset()
    acr: frozenset[str] = frozenset()
    more_origins: tuple[str, ...] = ()

    @property
    def issuers(self) -> list[str]:
        """Whom a token may come from: the issuer, or one for each tenant that is let in."""
        if EACH_TENANT not in self.issuer:
            return [self.issuer]
        return sorted(self.issuer.replace(EACH_TENANT, tenant) for tenant in self.tenants)

    @property
    def scope(self) -> list[str]:
        """What is asked for: who it is; some tell ``tid`` and ``oid`` only with the profile."""
        by_subject = (self.tenant_claim, self.object_claim) == ("iss", "sub")
        return ["openid"] if by_subject else ["openid", "profile"]

    @property
    def origins(self) -> list[str]:
        """Where a form of ours may lead in the end."""
        return [origin_of(self.server_url), *self.more_origins]


@dataclass(frozen=True)
class SignOn:
    """All providers, and what is wrong with those that are not offered."""

    providers: Mapping[str, Provider] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def origins(self) -> list[str]:
        """Where forms may lead, for the content policy."""
        return sorted({origin for each in self.providers.values() for origin in each.origins})


def read_sign_on(given: str) -> SignOn:
    """What ``SSO_PROVIDERS`` says: a list in JSON, or the path of a file that holds one."""
    given = given.strip()
    if not given:
        return SignOn()
    try:
        entries = json.loads(given if given[0] in "[{" else Path(given).read_text())
    except OSError:
        return SignOn(problems=("SSO_PROVIDERS names a file that cannot be read.",))
    except ValueError:  # the text may hold a secret, and so may what the parser says about it
        return SignOn(problems=("SSO_PROVIDERS is not JSON.",))
    if not isinstance(entries, list):
        return SignOn(problems=("SSO_PROVIDERS must be a list of providers.",))
    return _read(entries)


def _read(entries: Iterable[Any]) -> SignOn:
    providers: dict[str, Provider] = {}
    problems: list[str] = []
    for number, entry in enumerate(entries, start=1):
        where = f"SSO_PROVIDERS, provider {number}"
        if not isinstance(entry, dict):
            problems.append(f"{where}: must be an object.")
            continue
        wrong = list(problems_of(entry))
        if entry.get("id") in providers:
            wrong.append("id is the same as that of another provider")
        problems += [f"{where}: {each}." for each in wrong]
        if not wrong:
            providers[entry["id"]] = provider_of(entry)
    return SignOn(providers, tuple(problems))


def problems_of(entry: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with one provider; no value is repeated, as it may be a secret."""
    for name in sorted(set(entry) - {*MUST, *MAY}):
        yield f"{name} is not a setting"
    for name in MUST:
        if not is_text(entry.get(name)):
            yield f"{name} is missing"
    for name in ("tenant_claim", "object_claim"):
        claim = entry.get(name, "sub")
        if not is_text(claim) or claim in CHANGES_HANDS:
            yield f"{name} must be a claim that never changes and is given to nobody else"
    for name in ("tenants", "origins"):
        if not is_list_of_texts(entry.get(name, [])):
            yield f"{name} must be a list of texts"
    if entry.get("tenant_claim", "iss") != "iss" and not entry.get("tenants"):
        yield "tenants must say whose people are let in"
    if is_text(entry.get("id")) and not SLUG.fullmatch(entry["id"]):
        yield "id must be small letters, digits and hyphens"
    yield from problems_of_addresses(entry)
    yield from problems_of_second_factor(entry.get("second_factor", {}))


def problems_of_addresses(entry: Mapping[str, Any]) -> Iterable[str]:
    """Addresses are kept from listeners: https, unless they never leave this machine."""
    origins: list[str] = entry["origins"] if is_list_of_texts(entry.get("origins")) else []
    for name in ("issuer", "server_url"):
        if is_text(entry.get(name)) and not is_safe_address(entry[name]):
            yield f"{name} must be an address that begins with https://"
    if not all(is_safe_address(each) and origin_of(each) == each for each in origins):
        yield "origins must be addresses that begin with https:// and have no path"
    if EACH_TENANT in str(entry.get("issuer")) and not entry.get("server_url"):
        yield "server_url must be given where the issuer is written for each tenant"


def problems_of_second_factor(said: Any) -> Iterable[str]:
    """Which values of ``amr`` and ``acr`` stand for a second factor."""
    if not isinstance(said, dict) or set(said) - {"amr", "acr"}:
        yield "second_factor may hold amr and acr only"
    elif not all(is_list_of_texts(values) for values in said.values()):
        yield "amr and acr must be lists of texts"


def provider_of(entry: Mapping[str, Any]) -> Provider:
    """One provider, of an entry in which nothing is wrong."""
    issuer = entry["issuer"]
    shown = entry.get("second_factor", {})
    return Provider(
        slug=entry["id"],
        name=entry["name"],
        issuer=issuer,
        client_id=entry["client_id"],
        secret=entry["client_secret"],
        tenants=frozenset(entry.get("tenants") or [issuer]),
        server_url=entry.get("server_url", issuer).rstrip("/"),
        tenant_claim=entry.get("tenant_claim", "iss"),
        object_claim=entry.get("object_claim", "sub"),
        amr=frozenset(shown.get("amr", [])),
        acr=frozenset(shown.get("acr", [])),
        more_origins=tuple(entry.get("origins", [])),
    )


def is_text(value: Any) -> bool:
    """Whether it is a text that says something."""
    return isinstance(value, str) and bool(value.strip())


def is_list_of_texts(value: Any) -> bool:
    """Whether it is a list, and of texts only."""
    return isinstance(value, list) and all(is_text(each) for each in value)


def is_safe_address(address: Any) -> bool:
    """Whether nobody on the way can listen: https, or this very machine."""
    try:
        parts = urlsplit(str(address))
        host = parts.hostname or ""
    except ValueError:
        return False
    local = parts.scheme == "http" and host in LOOPBACK
    return bool(host) and (parts.scheme == "https" or local)


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
