"""Sets in a bucket of an object storage (docs/adr/0106): read and written as those in a folder are.

A set is there once its manifest is, which is put last and taken away first. What has none is what
a killed backup or a removal has left, and is cleared away by the next.
"""

import contextlib
import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import IO, Any, Final

from encryption.stores import AT_NIGHT
from encryption.stores.address import Bucket
from encryption.stores.client import (
    NothingOfIt,
    Object,
    StoreGone,
    Taken,
    client_of,
    gone,
    spoken_to,
)

MANIFEST: Final = "manifest.json"
MEBIBYTE: Final = 1024 * 1024
READ_AT_ONCE: Final = 8 * MEBIBYTE
TRIES: Final = 4  # at one piece of a file, beside those of each request
PART: Final = 16 * MEBIBYTE
PARTS_OF_ONE_SIZE: Final = 1000  # of the ten thousand that one object may have; then larger ones
NO_VERSIONS: Final = {405, 501}  # the server has no such list


@dataclass(frozen=True)
class BucketPlace:
    """Where sets of one kind lie."""

    bucket: Bucket

    @property
    def client(self) -> Any:
        """Patient: it works at night."""
        return client_of(self.bucket, AT_NIGHT)

    def __truediv__(self, name: str) -> "ObjectSet":
        return ObjectSet(self, name)

    def __str__(self) -> str:
        return str(self.bucket)

    def glob(self, pattern: str) -> "list[ObjectSet]":
        """The sets whose names begin so: ``data-*``."""
        begins = pattern.removesuffix("*")
        found = self._found(begins)
        return [self / name for name, files in found.items() if MANIFEST in files]

    def _found(self, begins: str) -> dict[str, set[str]]:
        """The files of everything that looks like a set, by its name."""
        found: dict[str, set[str]] = {}
        asked = {"Bucket": self.bucket.name, "Prefix": self.bucket.prefix + begins}
        with spoken_to(self.bucket):
            for page in self.client.get_paginator("list_objects_v2").paginate(**asked):
                for each in page.get("Contents", []):
                    name, stroke, file = each["Key"][len(self.bucket.prefix) :].partition("/")
                    if stroke:
                        found.setdefault(name, set()).add(file)
        return found

    def clear(self, begins: str) -> "list[ObjectSet]":
        """Take away what is no set, and give back what could not be; only while alone here."""
        self._end_uploads(begins)
        left = [self / name for name, files in self._found(begins).items() if MANIFEST not in files]
        return [each for each in left if not each.remove()]

    def _end_uploads(self, begins: str) -> None:
        asked = {"Bucket": self.bucket.name, "Prefix": self.bucket.prefix + begins}
        with spoken_to(self.bucket):
            for page in self.client.get_paginator("list_multipart_uploads").paginate(**asked):
                for each in page.get("Uploads", []):
                    self.client.abort_multipart_upload(
                        Bucket=self.bucket.name, Key=each["Key"], UploadId=each["UploadId"]
                    )


@dataclass(frozen=True)
class ObjectSet:
    """One set: a few objects whose keys begin alike."""

    place: BucketPlace
    name: str

    @property
    def prefix(self) -> str:
        """How the keys of its objects begin."""
        return f"{self.place.bucket.prefix}{self.name}/"

    def __truediv__(self, name: str) -> "ObjectFile":
        return ObjectFile(self, name)

    def __str__(self) -> str:
        return f"{self.place}/{self.name}"

    def remove(self) -> bool:
        """Take it away for good, the manifest first, with all versions; False where it is held."""
        try:
            objects = sorted(self._objects(), key=lambda each: not each["Key"].endswith(MANIFEST))
            for each in objects:
                with spoken_to(self.place.bucket):
                    self.place.client.delete_object(Bucket=self.place.bucket.name, **each)
        except OSError:
            return False
        return True

    def _objects(self) -> list[dict[str, str]]:
        """Each version of each, and what says that one was deleted; or the objects alone."""
        asked = {"Bucket": self.place.bucket.name, "Prefix": self.prefix}
        try:
            return list(self._paged("list_object_versions", asked, "Versions", "DeleteMarkers"))
        except StoreGone as fault:
            if fault.status not in NO_VERSIONS:
                raise
        return list(self._paged("list_objects_v2", asked, "Contents"))

    def _paged(self, what: str, asked: Any, *kinds: str) -> Iterator[dict[str, str]]:
        with spoken_to(self.place.bucket):
            for page in self.place.client.get_paginator(what).paginate(**asked):
                for each in (each for kind in kinds for each in page.get(kind, [])):
                    yield {k: each[k] for k in ("Key", "VersionId") if k in each}


@dataclass(frozen=True)
class ObjectFile:
    """One object of a set."""

    of: ObjectSet
    name: str

    @property
    def bucket(self) -> Bucket:
        """The bucket that it is in."""
        return self.of.place.bucket

    @property
    def client(self) -> Any:
        """That of its place."""
        return self.of.place.client

    @property
    def at(self) -> dict[str, str]:
        """How the library is told of it."""
        return {"Bucket": self.bucket.name, "Key": self.of.prefix + self.name}

    def __str__(self) -> str:
        return f"{self.of}/{self.name}"

    def open(self, mode: str = "rb") -> IO[bytes]:
        """From its beginning, piece by piece. Raises OSError."""
        assert mode == "rb"
        return BufferedReader(_Ranges(self), MEBIBYTE)

    def write_text(self, text: str) -> None:
        """Whole or not at all."""
        body = text.encode()
        with spoken_to(self.bucket):
            self.client.put_object(**self.at, Body=body, **digest(body))

    @contextlib.contextmanager
    def create(self) -> Iterator["Upload"]:
        """To write to; it is there once all of it is."""
        upload = Upload(self)
        try:
            yield upload
            upload.complete()
        except BaseException:
            with contextlib.suppress(OSError):
                upload.abort()
            raise


class _Ranges(RawIOBase):
    """An object in pieces, each asked for when it is its turn: whoever reads may take his time."""

    def __init__(self, file: ObjectFile) -> None:
        self.file, self.at, self.rest = file, 0, b""
        self.size = -1
        self.same: dict[str, str] = {}

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.rest and self.at != self.size:
            self.rest = self._next()
            self.at += len(self.rest)
        part = self.rest[: len(buffer)]
        buffer[: len(part)] = part
        self.rest = self.rest[len(part) :]
        return len(part)

    def _next(self) -> bytes:
        """The next piece, of the same object as the first was."""
        for tries_left in reversed(range(TRIES)):
            try:
                return self._asked()
            except StoreGone:
                if not tries_left:
                    raise
        raise AssertionError

    def _asked(self) -> bytes:
        wanted = f"bytes={self.at}-{self.at + READ_AT_ONCE - 1}"
        try:
            with spoken_to(self.file.bucket):
                answer = self.file.client.get_object(**self.file.at, Range=wanted, **self.same)
        except NothingOfIt:  # an empty one has not even a first byte
            self.size = self.at
            return b""
        except Taken:
            raise gone(self.file.bucket, "ChangedMeanwhile") from None
        self.size = int(answer["ContentRange"].rpartition("/")[2])
        self.same = {"IfMatch": answer["ETag"]}
        with Object(self.file.bucket, answer) as coming:
            return coming.read()


class Upload:
    """An object that is written in parts; it is not there before the last."""

    def __init__(self, file: ObjectFile) -> None:
        self.file, self.waiting = file, bytearray()
        self.parts: list[dict[str, Any]] = []
        with spoken_to(file.bucket):
            self.id = file.client.create_multipart_upload(**file.at)["UploadId"]

    def write(self, piece: bytes) -> int:
        """Take more."""
        self.waiting += piece
        size = PART * (1 + len(self.parts) // PARTS_OF_ONE_SIZE)
        while len(self.waiting) >= size:
            self._put(bytes(self.waiting[:size]))
            del self.waiting[:size]
        return len(piece)

    def _put(self, body: bytes) -> None:
        number = len(self.parts) + 1
        with spoken_to(self.file.bucket):
            said = self.file.client.upload_part(
                **self.file.at, UploadId=self.id, PartNumber=number, Body=body, **digest(body)
            )
        self.parts.append({"PartNumber": number, "ETag": said["ETag"]})

    def complete(self) -> None:
        """The rest, and then all of it is there."""
        if self.waiting or not self.parts:
            self._put(bytes(self.waiting))
        with spoken_to(self.file.bucket):
            self.file.client.complete_multipart_upload(
                **self.file.at, UploadId=self.id, MultipartUpload={"Parts": self.parts}
            )

    def abort(self) -> None:
        """Nothing of it stays."""
        with spoken_to(self.file.bucket):
            self.file.client.abort_multipart_upload(**self.file.at, UploadId=self.id)


def digest(body: bytes) -> dict[str, str]:
    """What a bucket with object lock asks of everything that is put into it."""
    return {"ContentMD5": b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()}
