"""Where the keys that wrap case keys come from: a ring in a file now, a key service later.

The first key on the ring wraps; every key on it unwraps, chosen by its id and never by trial. An
id ends in a check derived from its key, so a damaged or exchanged key is found and named when the
ring is read, not later when a record does not open.
"""

import base64
import binascii
import functools
import hashlib
import hmac
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from encryption import aead
from encryption.aead import KEY_BYTES
from encryption.errors import KeyringFault
from encryption.seal import length_prefixed

LONGEST_ID: Final = 100
LARGEST_FILE: Final = 1024 * 1024
RESTORE: Final = "Restore the key ring file from its backup."


class KeyProvider(Protocol):
    """What the portal needs of a key service."""

    @property
    def active(self) -> str:
        """The id of the ring key that wraps."""

    @property
    def names(self) -> list[str]:
        """The ids of all ring keys, the active one first."""

    def wrap(self, data_key: bytes, context: bytes) -> tuple[str, bytes]:
        """Encrypt a case key under the active ring key; answers that key's id and the blob."""

    def unwrap(self, ring_key_id: str, blob: bytes, context: bytes) -> bytes:
        """The case key again, if the id is on the ring and the context is the same."""

    def token_key(self) -> bytes:
        """The key of the match tokens, used for nothing else."""

    def purpose_key(self, purpose: str, ring_key_id: str = "") -> tuple[str, bytes]:
        """A key for one purpose, of the ring key of that id or of the active one; and its id."""


def derived(secret: bytes, purpose: bytes) -> bytes:
    """The key for one purpose, from a secret that is never used itself (HKDF-SHA256, RFC 5869)."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose)
    return kdf.derive(secret)


def key_check(key: bytes) -> str:
    """Sixteen digits that change if the key changes and tell nothing about it."""
    return hmac.new(key, b"portal ring key check 1", hashlib.sha256).hexdigest()[:16]


@dataclass(frozen=True)
class FileKeyProvider:
    """A ring read from one JSON file."""

    path: Path
    keys: Mapping[str, bytes] = field(repr=False)
    token: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> "FileKeyProvider":
        """Read and prove the ring, or raise KeyringFault saying what is wrong with which key."""
        raw = _raw_ring(path)
        listed = raw.get("keys")
        if not isinstance(listed, list) or not listed:
            raise KeyringFault(f"The key ring {path} holds no keys. {RESTORE}")
        keys: dict[str, bytes] = {}
        for entry in listed:
            name, key = _proved(path, entry)
            if name in keys:
                raise KeyringFault(
                    f"The key ring {path} lists key {name} twice. Remove one of the two entries."
                )
            keys[name] = key
        name, token = _proved(path, raw.get("token_key"))
        if token in keys.values():
            raise KeyringFault(
                f"In the key ring {path} the token key {name} is also a ring key. {RESTORE}"
            )
        return cls(path, keys, token)

    @property
    def active(self) -> str:
        return next(iter(self.keys))

    @property
    def names(self) -> list[str]:
        return list(self.keys)

    def wrap(self, data_key: bytes, context: bytes) -> tuple[str, bytes]:
        name = self.active
        bound = length_prefixed(name.encode(), context)
        return name, aead.seal(self.keys[name], data_key, bound)

    def unwrap(self, ring_key_id: str, blob: bytes, context: bytes) -> bytes:
        if ring_key_id not in self.keys:
            raise KeyringFault(
                f"Case keys are wrapped by ring key {ring_key_id}, which is not on the key ring "
                f"{self.path}. Put that key back on the ring from its backup, below the first."
            )
        bound = length_prefixed(ring_key_id.encode(), context)
        try:
            return aead.unseal(self.keys[ring_key_id], blob, bound)
        except (InvalidTag, ValueError):
            raise KeyringFault(
                f"A case key wrapped by ring key {ring_key_id} does not unwrap: its row in the "
                "keystore was damaged or changed. Restore the keystore from its backup."
            ) from None

    def token_key(self) -> bytes:
        return self.token

    def purpose_key(self, purpose: str, ring_key_id: str = "") -> tuple[str, bytes]:
        name = ring_key_id or self.active
        if name not in self.keys:
            raise KeyringFault(
                f"Something is sealed under ring key {name}, which is not on the key ring "
                f"{self.path}. Put that key back on the ring from its backup, below the first."
            )
        context = length_prefixed(b"portal purpose key 1", purpose.encode())
        return name, derived(self.keys[name], context)


def _raw_ring(path: Path) -> dict[str, Any]:
    try:
        # One descriptor for both the look at the permissions and the reading: no swap in between.
        with path.open("rb") as ring:
            mode = os.fstat(ring.fileno()).st_mode
            text = ring.read(LARGEST_FILE)
    except FileNotFoundError:
        raise KeyringFault(
            f"There is no key ring at {path}. On a new installation make one with "
            "`manage.py keys create`; on one that holds records, restore it from its backup."
        ) from None
    except OSError as fault:
        raise KeyringFault(
            f"The key ring {path} cannot be read ({fault.strerror}). "
            "Give the account that runs the portal the right to read it."
        ) from None
    if not stat.S_ISREG(mode):
        raise KeyringFault(f"The key ring {path} is not a plain file. {RESTORE}")
    if mode & 0o077:
        raise KeyringFault(
            f"The key ring {path} can be read by other accounts on this machine. "
            f"Run `chmod 600` on it, and consider whether its keys are still secret."
        )
    try:
        raw = json.loads(text)
    except ValueError:
        raw = None
    if not isinstance(raw, dict):
        raise KeyringFault(f"The key ring {path} is empty or is not a key ring. {RESTORE}")
    return raw


def _proved(path: Path, entry: Any) -> tuple[str, bytes]:
    """The id and key of one entry, once its id vouches for its key."""
    name = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name or len(name) > LONGEST_ID:
        raise KeyringFault(f"The key ring {path} has an entry without a usable id. {RESTORE}")
    try:
        key = base64.b64decode(entry.get("key"), validate=True)
    except (TypeError, ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES or not hmac.compare_digest(
        name.rpartition("-")[2].encode(), key_check(key).encode()
    ):
        raise KeyringFault(f"Key {name} on the key ring {path} is damaged. {RESTORE}")
    return name, key


def new_entry(name: str) -> dict[str, str]:
    """A fresh key as it stands on the ring, its id ending in the check of the key."""
    key = os.urandom(KEY_BYTES)
    return {"id": f"{name}-{key_check(key)}", "key": base64.b64encode(key).decode()}


def create_keyring_file(path: Path | str) -> None:
    """Write a new ring that only its owner can read; never over an old one."""
    path = Path(path)
    month = datetime.now(UTC).strftime("%Y-%m")
    ring = {"keys": [new_entry(f"ring-{month}")], "token_key": new_entry(f"token-{month}")}
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            json.dump(ring, new, indent=2)
            new.flush()
            os.fsync(new.fileno())
        # A link, unlike a rename, fails when the name is taken.
        os.link(draft, path)
    except FileExistsError:
        raise KeyringFault(
            f"There is already a key ring at {path}. It is left as it is; "
            "move it away yourself only if no record was ever sealed with it."
        ) from None
    except OSError as fault:
        raise KeyringFault(
            f"The key ring {path} cannot be written ({fault.strerror}). "
            "Make its directory, and let this account write there."
        ) from None
    finally:
        draft.unlink(missing_ok=True)


@functools.cache
def _read_once(path: str) -> FileKeyProvider:
    return FileKeyProvider.read(Path(path))


def needs_ring() -> bool:
    """Whether this process is one of those that get the ring (docs/keys.md)."""
    return getattr(settings, "PORTAL_KEYS", "ring") == "ring"


def refuse_without_ring() -> None:
    """Raise KeyringFault in a process that gets no ring, and so no keystore and no files either."""
    if not needs_ring():
        raise KeyringFault(
            f"This process was started with PORTAL_KEYS={settings.PORTAL_KEYS} and reads no key "
            "ring. What needs one belongs to another process."
        )


def key_provider() -> KeyProvider:
    """The provider of this process; its ring is read once for each KEYRING_FILE."""
    refuse_without_ring()
    path = getattr(settings, "KEYRING_FILE", None)
    if not path:
        raise KeyringFault("KEYRING_FILE is not set. Set it to the path of the key ring file.")
    return _read_once(str(path))


def forget_keyring() -> None:
    """Read the ring again at the next use (tests, and after the ring was changed)."""
    _read_once.cache_clear()
