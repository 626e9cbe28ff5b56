"""What goes over a network goes through TLS or under a password, or somebody says why not."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

from encryption.stores.address import Bucket
from portal.settings.environment import env

# One word for each network that belongs to the portal's own containers alone.
PRIVATE = "PRIVATE_NETWORK"
KINDS = ("database", "redis", "mail", "scanner", "objects")
HERE = {"127.0.0.1", "::1", "localhost"}
PROVES = {"require", "verify-ca", "verify-full"}


def accepted() -> set[str]:
    """For which of them a network of the portal's own is said to be enough."""
    said = {word.strip() for word in env.list(PRIVATE, default=[]) if word.strip()}
    if wrong := sorted(said - set(KINDS)):
        raise ImproperlyConfigured(
            f"{PRIVATE} names {', '.join(wrong)}; it takes some of {', '.join(KINDS)}."
        )
    return said


def require_protected(
    databases: Mapping[str, str], redis: Mapping[str, str], mail: str, scanner: str
) -> None:
    """Stop where what is typed, or what opens it, would go in clear; the words say what to do."""
    open_ones = accepted()
    for name, address in databases.items():
        if "database" not in open_ones and _sslmode(address) not in PROVES:
            raise ImproperlyConfigured(
                f"{name} does not ask for TLS: add ?sslmode=verify-full to it, or, where nobody "
                f"else is on that network, set {PRIVATE}=database."
            )
    for name, address in redis.items():
        if "redis" not in open_ones and not urlsplit(address).password:
            raise ImproperlyConfigured(
                f"{name} has no password: write redis://:password@host, and requirepass for "
                f"Redis, or, where nobody else is on that network, set {PRIVATE}=redis."
            )
    if mail and "mail" not in open_ones and _is_plain(mail):
        raise ImproperlyConfigured(
            "EMAIL_URL is smtp://, without TLS: write smtp+tls:// or smtp+ssl://, or, where the "
            f"mail server is on a network with nobody else, set {PRIVATE}=mail."
        )
    # clamd speaks no TLS, and every file goes to it.
    if "scanner" not in open_ones and urlsplit(scanner).hostname not in {None, *HERE}:
        raise ImproperlyConfigured(
            "FILE_SCANNER is tcp:// to another machine, which goes in clear: use unix:/path, or, "
            f"where nobody else is on that network, set {PRIVATE}=scanner."
        )


def require_protected_objects(buckets: Iterable[Bucket | None]) -> None:
    """Likewise; what lies there is sealed, but who asks for what, and when, is not."""
    for each in buckets:
        if each and each.endpoint.startswith("http://") and "objects" not in accepted():
            raise ImproperlyConfigured(
                f"S3_ENDPOINT of {each} is http://, without TLS: write https://, or, where nobody "
                f"else is on that network, set {PRIVATE}=objects."
            )


def _sslmode(address: str) -> str:
    return parse_qs(urlsplit(address).query).get("sslmode", [""])[-1]


def _is_plain(address: str) -> bool:
    parts = urlsplit(address)
    secured = {key for key in ("ssl", "tls") if parse_qs(parts.query).get(key) == ["True"]}
    return parts.scheme == "smtp" and not secured
