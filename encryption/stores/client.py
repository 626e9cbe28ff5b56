"""Speaking to an object storage by its protocol, S3: bounded in time, to one host, in our words.

boto3 is imported where it is first needed: whoever uses a folder never pays for it.
"""

import contextlib
import errno
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from io import BufferedReader, RawIOBase
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from encryption.errors import StoreFault
from encryption.stores.address import Bucket

logger = structlog.get_logger(__name__)

CONNECTS_IN: Final = 3  # seconds
ANSWERS_IN: Final = 10  # to a request, or with the next piece of an object
SOON: Final = 2  # to whoever only asks whether it is there
LONGEST: Final = 60.0  # for one object that comes in drops,
SLOWEST: Final = 32 * 1024  # and a second more for so many bytes
PIECE: Final = 1024 * 1024
TAKEN: Final = 412
BUSY: Final = 409
NOTHING_OF_IT: Final = 416
SIGNED_FOR: Final = re.compile(r"Credential=[^,]*/([^/,]+)/s3/aws4_request")


class Taken(Exception):
    """Something of that name is there already."""


class Busy(Exception):
    """Somebody is putting something there."""


class NothingOfIt(Exception):
    """The object ends before the piece that was asked for."""


class StoreGone(OSError):
    """The object storage does not answer, or not as it should; passes, as with a disk.

    ``status`` is what it answered: nought where it did not.
    """

    def __init__(self, bucket: Bucket, why: str, status: int = 0) -> None:
        super().__init__(errno.EIO, f"{bucket} cannot be used ({why})")
        self.why, self.status = why, status

    def __str__(self) -> str:
        return f"{self.strerror}."


@cache
def client_of(bucket: Bucket, attempts: int, answers_in: int = ANSWERS_IN) -> Any:
    """A client for this bucket, which threads may share; ``attempts`` with the first."""
    import boto3
    from botocore.config import Config

    session = boto3.session.Session(
        aws_access_key_id=bucket.key_id,
        aws_secret_access_key=bucket.secret,
        region_name=bucket.region,
    )
    made = session.client(
        "s3",
        endpoint_url=bucket.endpoint or None,
        verify=bucket.ca_file or None,
        config=Config(
            connect_timeout=min(CONNECTS_IN, answers_in),
            read_timeout=answers_in,
            retries={"total_max_attempts": attempts, "mode": "standard"},
            max_pool_connections=16,
            ignore_configured_endpoint_urls=True,
            signature_version="s3v4",
            # Each body goes with its SHA-256, signed: what is cut on its way is refused. The newer
            # checksums are not known everywhere.
            s3={
                "addressing_style": "virtual" if bucket.is_of_aws else "path",
                "payload_signing_enabled": True,
            },
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    made.meta.events.register("before-send.s3", _stays_at(made.meta.endpoint_url, bucket))
    return made


def _stays_at(endpoint: str, bucket: Bucket) -> Callable[..., None]:
    """The library follows a bucket into another region; nothing is stored where nobody allowed.

    To another address, or, where one address is that of many regions, by what it signs for.
    """
    host = urlsplit(endpoint).netloc
    ours = {host, f"{bucket.name}.{host}"}

    def hold(request: Any, **_given: Any) -> None:
        signed = SIGNED_FOR.search(str(request.headers.get("Authorization", "")))
        goes_elsewhere = urlsplit(request.url).netloc not in ours
        if goes_elsewhere or (signed and signed[1] != bucket.region):
            raise StoreFault(
                f"{bucket} is not in the region {bucket.region}. Name the region that it is in, "
                "or another bucket."
            )

    return hold


@contextlib.contextmanager
def spoken_to(bucket: Bucket) -> Iterator[None]:
    """What the library raises, in our words.

    Raises FileNotFoundError, Taken, Busy, NothingOfIt, and StoreGone for all other faults.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ClientError as fault:
        raise _refused(bucket, fault.response) from None
    except (BotoCoreError, HTTPError, OSError) as fault:
        raise gone(bucket, type(fault).__name__) from None


def _refused(bucket: Bucket, answer: Any) -> Exception:
    status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    code = str(answer.get("Error", {}).get("Code", ""))
    if code == "NoSuchKey":
        return FileNotFoundError(errno.ENOENT, "There is no such object.")
    known = {TAKEN: Taken, BUSY: Busy, NOTHING_OF_IT: NothingOfIt}
    return known[status]() if status in known else gone(bucket, f"{status} {code}", status)


def gone(bucket: Bucket, why: str, status: int = 0) -> StoreGone:
    """Such a fault, once it is in the log: without the library's words, which may hold anything."""
    logger.error("object_storage_fault", bucket=str(bucket), why=why)
    return StoreGone(bucket, why, status)


class Object(BufferedReader):
    """An object that comes, for whoever wants a file to read from; ``size`` is what it has."""

    def __init__(self, bucket: Bucket, answer: Any) -> None:
        self.size = int(answer["ContentLength"])
        super().__init__(_Coming(bucket, answer["Body"], self.size), PIECE)


class _Coming(RawIOBase):
    """The bytes of an answer; one that ends before its end, or takes for ever, is a fault."""

    def __init__(self, bucket: Bucket, body: Any, size: int) -> None:
        self.bucket, self.size, self.left, self.waited = bucket, size, size, 0.0
        self.body = body.__enter__()  # of which what has come can be had without the rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        begun = time.monotonic()
        with spoken_to(self.bucket):
            piece: bytes = self.body.read1(len(buffer))
        self.waited += time.monotonic() - begun
        if self.waited > LONGEST + (self.size - self.left) / SLOWEST:
            raise gone(self.bucket, "TooSlow")
        self.left -= len(piece)
        if not piece and self.left:
            raise gone(self.bucket, "CutShort")
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self.body.close()
        super().close()
