"""A real object storage (moto's server), and a way to it that can be cut, slowed and bent."""

import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import boto3

from encryption.stores.address import Bucket
from scripts.servers import service
from tests.patience import PATIENCE

REGION = "eu-west-2"
KEY, SECRET = "portal", "invented secret"


@dataclass(frozen=True)
class Storage:
    """One that runs: where it listens, and what is in it as its keeper sees it."""

    port: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def keeper(self):
        return self.keeper_in(REGION)

    def keeper_in(self, region: str):
        session = boto3.session.Session(KEY, SECRET, region_name=region)
        return session.client("s3", endpoint_url=self.endpoint)

    def a_bucket(self, *, region: str = REGION, prefix: str = "files/", **more) -> Bucket:
        """A new one, empty, with nothing switched on."""
        name = f"portal-{uuid4().hex[:12]}"
        where = {} if region == "us-east-1" else {"LocationConstraint": region}
        self.keeper_in(region).create_bucket(
            Bucket=name, **({"CreateBucketConfiguration": where} if where else {})
        )
        said = {"endpoint": self.endpoint, "key_id": KEY, "secret": SECRET}
        return Bucket(name, prefix, REGION, **{**said, **more})

    def there(self, bucket: Bucket) -> dict[str, bytes]:
        """Every object of a bucket, but for the one that the portal tries it with."""
        keeper, found = self.keeper, {}
        for page in keeper.get_paginator("list_objects_v2").paginate(Bucket=bucket.name):
            for each in page.get("Contents", []):
                answer = keeper.get_object(Bucket=bucket.name, Key=each["Key"])
                found[each["Key"]] = answer["Body"].read()
        return {key: held for key, held in found.items() if not key.endswith("/.portal")}

    def bend(self, bucket: Bucket, name: str, content: bytes) -> None:
        """As somebody else who may write there would."""
        self.keeper.put_object(Bucket=bucket.name, Key=bucket.prefix + name, Body=content)


@contextmanager
def a_storage(folder: Path, **env: str) -> Iterator[Storage]:
    """Start one, and stop it after."""

    def start(port: int) -> list[str]:
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]

    def answers(port: int) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/moto-api/data.json", timeout=PATIENCE) as said:
                return said.status == 200
        except OSError:
            return False

    common = {"cwd": "/", "env": {**os.environ, **env}}
    log = folder / "storage.log"
    with service("moto", start, answers, log=log, stop=signal.SIGKILL, common=common) as port:
        yield Storage(port)


@dataclass
class Way:
    """A way to a storage: what goes through it can be held, cut or changed on the way.

    ``cut_after`` bytes of what is sent the connection ends; ``held_after`` so many nothing goes on;
    ``answers_lost`` so many answers never come, and one ends ``answers_cut_after`` its bytes;
    ``to_storage`` is what becomes of what.
    """

    port: int
    cut_after: int | None = None
    held_after: int | None = None
    answers_lost: int = 0
    answers_cut_after: int | None = None
    drops: float = 0.0  # seconds before each byte of an answer
    to_storage: list[tuple[bytes, bytes]] = field(default_factory=list)
    sent: int = 0
    listens: socket.socket = field(default_factory=socket.socket)
    over: threading.Event = field(default_factory=threading.Event)
    stuck: threading.Event = field(default_factory=threading.Event)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.listens.getsockname()[1]}"

    def serve(self) -> None:
        self.listens.bind(("127.0.0.1", 0))
        self.listens.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self.over.is_set():
                near, _address = self.listens.accept()
                threading.Thread(target=self._both, args=[near], daemon=True).start()

    def _both(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        except OSError:
            near.close()
            return
        back = threading.Thread(target=self._answer, args=[far, near], daemon=True)
        back.start()
        with suppress(OSError):
            while piece := near.recv(64 * 1024):
                for old, new in self.to_storage:
                    piece = re.sub(old, new, piece)
                self.sent += len(piece)
                if self.cut_after is not None and self.sent > self.cut_after:
                    break
                if self.held_after is not None and self.sent > self.held_after:
                    self.stuck.set()
                    self.over.wait()
                    break
                far.sendall(piece)
        self._end(far, near)

    def _answer(self, far: socket.socket, near: socket.socket) -> None:
        came = 0
        with suppress(OSError):
            while piece := far.recv(64 * 1024):
                came += len(piece)
                if self.answers_cut_after is not None and came > self.answers_cut_after:
                    break
                if self.answers_lost and piece.startswith(b"HTTP/1.1 200"):
                    self.answers_lost -= 1
                    break
                for one in [piece] if not self.drops else [bytes([each]) for each in piece]:
                    if self.over.wait(self.drops):
                        break
                    near.sendall(one)
        self._end(far, near)

    def _end(self, *ends: socket.socket) -> None:
        for each in ends:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@contextmanager
def a_way_to(storage: Storage) -> Iterator[Way]:
    """One that lets everything through until it is told otherwise."""
    way = Way(storage.port)
    way.serve()
    try:
        yield way
    finally:
        way.over.set()
        way.listens.close()


def in_environment(bucket: Bucket, place: str = "FILES") -> dict[str, str]:
    """The variables that tell another process of it."""
    said = {
        "S3_ENDPOINT": bucket.endpoint,
        "S3_REGION": bucket.region,
        "S3_ACCESS_KEY_ID": bucket.key_id,
        "S3_SECRET_ACCESS_KEY": bucket.secret,
    }
    return {f"{place}_BUCKET": str(bucket)} | {f"{place}_{k}": v for k, v in said.items()}
