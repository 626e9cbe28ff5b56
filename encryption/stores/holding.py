"""What a bucket must be before anything is put into it; each fault says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog

from encryption.errors import StoreFault
from encryption.stores.address import Bucket
from encryption.stores.client import StoreGone, Taken, spoken_to

logger = structlog.get_logger(__name__)

PROBE: Final = ".portal"  # an empty object, by which putting and refusing are tried
REFUSALS: Final = range(400, 500)
NOT_KNOWN: Final = {405, 501}  # the server has no such request
FORBIDDEN: Final = 403
OLD_NAMES: Final = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}


def hold_bucket(client: Any, bucket: Bucket, *, puts: bool) -> None:
    """For sealed files: in its region, keeping no versions, putting only where nothing is.

    Raises StoreFault where it is not so, and StoreGone where nobody knows.
    """
    with _refusals_said(bucket):
        _hold_region(client, bucket)
        _hold_no_versions(client, bucket)
        if puts:
            _hold_puts_once(client, bucket)


def hold_place(client: Any, bucket: Bucket) -> None:
    """For backups, which may be kept in versions and locked: in its region. Raises the same."""
    with _refusals_said(bucket):
        _hold_region(client, bucket)


@contextmanager
def _refusals_said(bucket: Bucket) -> Iterator[None]:
    try:
        yield
    except StoreGone as fault:
        if fault.status not in REFUSALS:
            raise
        raise StoreFault(
            f"{bucket} refuses us ({fault.why}). Check its name, the key, and what the key may do "
            "there (docs/installation.md)."
        ) from None


def _hold_region(client: Any, bucket: Bucket) -> None:
    """The server says where it is; one of our own, which may say nothing, is where we are told."""
    with _may_be_unknown(bucket, "region"), spoken_to(bucket):
        said = client.get_bucket_location(Bucket=bucket.name).get("LocationConstraint")
        if not said and not bucket.is_of_aws:
            return
        if OLD_NAMES.get(said, said) != bucket.region:
            raise StoreFault(
                f"{bucket} is in the region {OLD_NAMES.get(said, said)}, and {bucket.region} was "
                "named. Name the region that it is in, or another bucket."
            )


def _hold_no_versions(client: Any, bucket: Bucket) -> None:
    with _may_be_unknown(bucket, "versions"), spoken_to(bucket):
        if client.get_bucket_versioning(Bucket=bucket.name).get("Status") == "Enabled":
            raise StoreFault(
                f"{bucket} keeps versions, so that what is disposed of would stay in it. Take a "
                "bucket without versioning and without object lock."
            )


@contextmanager
def _may_be_unknown(bucket: Bucket, what: str) -> Iterator[None]:
    """Some servers have no such question, and some keys may not ask it: then it is in the log."""
    try:
        yield
    except StoreGone as fault:
        if fault.status not in NOT_KNOWN | {FORBIDDEN}:
            raise
        logger.warning("object_storage_not_asked", bucket=str(bucket), what=what, why=fault.why)


def _hold_puts_once(client: Any, bucket: Bucket) -> None:
    """Of two who put the same the second is refused, or one would write over another's file."""
    for _turn in range(2):
        try:
            with spoken_to(bucket):
                client.put_object(
                    Bucket=bucket.name, Key=bucket.prefix + PROBE, Body=b"", IfNoneMatch="*"
                )
        except Taken:
            return
        except StoreGone as fault:
            if fault.status in NOT_KNOWN:
                break
            raise
    raise StoreFault(
        f"{bucket} puts an object over another although it is told not to (If-None-Match), so that "
        "a file could be lost. Its server needs a newer edition."
    )
