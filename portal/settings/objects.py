"""Buckets of an object storage, in the place of folders (docs/adr/0106).

``FILES_BUCKET`` stands for ``FILES_DIR``, and so on. How the storage is spoken to stands in
``S3_...`` for all buckets, or in ``FILES_S3_...`` for the one: two buckets may be two keepers'.
"""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from encryption.stores.address import Bucket, NotABucket, parsed
from portal.settings.environment import env, in_allowed_region

NEEDED = ("S3_REGION", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")


def bucket(place: str, *, needs: Iterable[str] = NEEDED) -> Bucket | None:
    """The bucket of ``PLACE_BUCKET``, if one is named; all that it ``needs`` is said at once."""
    variable = f"{place}_BUCKET"
    said = env.str(variable, "").strip()
    if not said:
        return None
    if env.str(f"{place}_DIR", "").strip():
        raise ImproperlyConfigured(f"{variable} and {place}_DIR are both set: unset one of them.")
    if missing := [name for name in needs if not _of(place, name)]:
        names = ", ".join(f"{name} (or {place}_{name})" for name in missing)
        raise ImproperlyConfigured(f"{variable} is set, so set these too: {names}")
    try:
        name, prefix = parsed(said)
    except NotABucket as fault:
        raise ImproperlyConfigured(f"{variable}: {fault}") from None
    return Bucket(
        name,
        prefix,
        region=_of(place, "S3_REGION"),
        endpoint=_endpoint(place),
        key_id=_of(place, "S3_ACCESS_KEY_ID"),
        secret=_of(place, "S3_SECRET_ACCESS_KEY"),
        ca_file=_ca_file(place),
    )


def _of(place: str, name: str) -> str:
    """What is said for this bucket, or for all."""
    said: str = env.str(f"{place}_{name}", "").strip() or env.str(name, "").strip()
    return said


def _endpoint(place: str) -> str:
    said = _of(place, "S3_ENDPOINT").rstrip("/")
    parts = urlsplit(said)
    if said and (
        parts.scheme not in {"http", "https"} or said != f"{parts.scheme}://{parts.netloc}"
    ):
        raise ImproperlyConfigured(
            "S3_ENDPOINT must be https://host or https://host:port; AWS needs none."
        )
    if "@" in said:
        raise ImproperlyConfigured("S3_ENDPOINT takes no name and password: S3_ACCESS_KEY_ID does.")
    return said


def _ca_file(place: str) -> str:
    said = _of(place, "S3_CA_FILE")
    if said and not Path(said).is_file():
        raise ImproperlyConfigured(f"S3_CA_FILE names no file: {said}")
    return said


def require_allowed(found: Iterable[Bucket | None], regions: Iterable[str]) -> None:
    """Refuse to start where one of them is said to lie in no such region (ISA-4.3-EEA)."""
    choices = list(regions)
    for each in found:
        if each:
            in_allowed_region(each.region, choices, "S3_REGION")
