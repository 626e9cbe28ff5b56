"""Sealed files in a bucket of an object storage that speaks S3 (docs/adr/0106).

An object is put whole, with its length and digest said before it, or it is not there: so there are
no drafts, and whoever is killed half-way leaves nothing. Its key is the prefix and the name of the
file, and nothing else is said of it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import IO, Any, Final

import structlog

from encryption.errors import StoreFault
from encryption.stores.address import Bucket
from encryption.stores.client import (
    ANSWERS_IN,
    SOON,
    Busy,
    NothingOfIt,
    Object,
    Taken,
    client_of,
    gone,
    spoken_to,
)
from encryption.stores.holding import PROBE, hold_bucket
from encryption.stores.interface import NAME

logger = structlog.get_logger(__name__)

PAUSES: Final = (0.2, 0.5, 1.0)  # seconds, while somebody else puts the same
_held: set[Bucket] = set()  # found by this process to be as they must be


class InBucket:
    """The objects of a bucket below its prefix; ``attempts`` at each request."""

    def __init__(self, bucket: Bucket, attempts: int, answers_in: int = ANSWERS_IN) -> None:
        self.bucket, self.attempts, self.answers_in = bucket, attempts, answers_in

    @property
    def client(self) -> Any:
        """Made when it is first needed, since that takes a moment."""
        return client_of(self.bucket, self.attempts, self.answers_in)

    def at(self, name: str) -> dict[str, str]:
        """How the library is told of an object."""
        return {"Bucket": self.bucket.name, "Key": self.bucket.prefix + name}

    def check(self, *, puts: bool = True) -> None:
        """Hold the bucket to what it must be. Raises StoreFault, and StoreGone."""
        hold_bucket(self.client, self.bucket, puts=puts)
        if puts:
            _held.add(self.bucket)

    def _hold_once(self) -> None:
        """No byte goes where nobody has looked, as where it did not answer at the start."""
        if self.bucket not in _held:
            try:
                self.check()
            except StoreFault as fault:
                # Nobody stands at a terminal now, as at a start.
                where = str(self.bucket)
                logger.error("object_storage_fault", bucket=where, why=str(fault))  # noqa: TRY400
                raise

    def put(self, name: str, pieces: Iterable[bytes], *, is_lasting: bool = True) -> bool:
        """If nothing is there: the storage itself sees to that, also among several."""
        body = b"".join(pieces)
        self._hold_once()
        for pause in PAUSES:
            try:
                with spoken_to(self.bucket):
                    self.client.put_object(**self.at(name), Body=body, IfNoneMatch="*")
            except Taken:
                return self._is_there_by_us(name, body)
            except Busy:
                time.sleep(pause)
            else:
                return True
        raise gone(self.bucket, "BusyForTooLong")

    def _is_there_by_us(self, name: str, body: bytes) -> bool:
        """Whether a try before put it, whose answer was lost: no other has these bytes."""
        try:
            with self.open(name) as there:
                return there.size == len(body) and there.read() == body
        except FileNotFoundError:
            return False

    def replace(
        self, name: str, pieces: Iterable[bytes], hold: Callable[[IO[bytes]], object]
    ) -> None:
        """Whole, over what is there; whoever reads that has it to its end."""
        body = b"".join(pieces)
        hold(BytesIO(body))
        self._hold_once()
        with spoken_to(self.bucket):
            self.client.put_object(**self.at(name), Body=body)

    def open(self, name: str) -> Object:
        """As it comes, in one answer."""
        with spoken_to(self.bucket):
            return Object(self.bucket, self.client.get_object(**self.at(name)))

    def size(self, opened: IO[bytes]) -> int:
        """As the storage has said."""
        assert isinstance(opened, Object)
        return opened.size

    def beginning(self, name: str, size: int) -> bytes:
        """Its first bytes, and no more of it."""
        try:
            with spoken_to(self.bucket):
                some = self.client.get_object(**self.at(name), Range=f"bytes=0-{size - 1}")
        except NothingOfIt:
            return b""
        with Object(self.bucket, some) as source:
            return source.read(size)

    def remove(self, name: str) -> None:
        """For good: a bucket that keeps what is removed is not taken (``hold_bucket``)."""
        with spoken_to(self.bucket):
            self.client.delete_object(**self.at(name))

    def _keys(self, **limits: Any) -> Iterator[str]:
        asked = {"Bucket": self.bucket.name, "Prefix": self.bucket.prefix, **limits}
        with spoken_to(self.bucket):
            for page in self.client.get_paginator("list_objects_v2").paginate(**asked):
                for each in page.get("Contents", []):
                    yield each["Key"].removeprefix(self.bucket.prefix)

    def names(self) -> Iterator[str]:
        """All pages of the list, which comes in order."""
        return (key for key in self._keys() if NAME.fullmatch(key))

    def is_empty(self) -> bool:
        """Nothing is below the prefix but what we have tried it with."""
        return not any(key != PROBE for key in self._keys(PaginationConfig={"MaxItems": 2}))

    def settle(self) -> None:
        """An object that was put lasts."""

    def answers(self) -> bool:
        """Whether the storage answers and lets us read."""
        try:
            InBucket(self.bucket, 1, SOON).beginning(PROBE, 1)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True

    def __str__(self) -> str:
        return str(self.bucket)
