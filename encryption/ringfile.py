"""Puts a key on the ring file and takes one off: written beside it, synced, and swapped whole."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from encryption.errors import KeyringFault
from encryption.provider import FileKeyProvider, forget_keyring, new_entry

Entries = list[dict[str, str]]


def add_ring_key(path: Path) -> str:
    """Make a key, put it first on the ring, and answer its id; the old ones stay below."""
    entry = new_entry(f"ring-{datetime.now(UTC):%Y-%m}")
    _change(path, lambda entries: [entry, *entries])
    return entry["id"]


def remove_ring_key(path: Path, name: str, needed: Callable[[], str]) -> None:
    """Take a key off the ring, unless ``needed``, asked while the ring is held, says by what.

    Raises KeyringFault for a key that is not there, is the first, or is needed.
    """

    def without(entries: Entries) -> Entries:
        names = [entry["id"] for entry in entries]
        if name not in names:
            raise KeyringFault(f"There is no key {name} on the ring. On it: {', '.join(names)}.")
        if name == names[0]:
            raise KeyringFault(
                f"Key {name} is the first on the ring: everything new is sealed with it. "
                "Put another one before it with `keys add`, and rotate."
            )
        if reason := needed():
            raise KeyringFault(f"Key {name} is still needed: {reason}")
        return [entry for entry in entries if entry["id"] != name]

    _change(path, without)


def _change(path: Path, change: Callable[[Entries], Entries]) -> None:
    try:
        with _held(path.parent) as directory:
            FileKeyProvider.read(path)  # never build on a ring that is damaged or open to others
            ring = json.loads(path.read_bytes())
            _swap(path, {**ring, "keys": change(ring["keys"])})
            os.fsync(directory)
    except OSError as fault:
        raise KeyringFault(
            f"The key ring {path} cannot be changed ({fault.strerror}). Run this where its "
            "directory can be written to: outside the container, if it is mounted into one."
        ) from None
    forget_keyring()


def _swap(path: Path, ring: dict[str, Any]) -> None:
    draft, owner = path.with_name(f".{path.name}.{os.getpid()}.new"), path.stat()
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as new:
            # An administrator may change it, but the portal's account must go on reading it.
            if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(new.fileno(), owner.st_uid, owner.st_gid)
            json.dump(ring, new, indent=2)
            new.flush()
            os.fsync(new.fileno())
        FileKeyProvider.read(draft)
        draft.replace(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


@contextmanager
def _held(directory: Path) -> Iterator[int]:
    """Hold the directory of the ring, so that of two changes at once neither is lost."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
