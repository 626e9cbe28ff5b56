"""The keys of backups: who makes one cannot read it, and each kind is opened by a key of its own.

What a machine needs to make backups is in BACKUP_KEYS_DIR: two public keys to seal to, and the
private key that says who made them. What opens and proves them is in RESTORE_KEYS_DIR.
"""

import binascii
import os
import stat
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from django.conf import settings

from backups.errors import BackupFault

DATA: Final = "data"
KEYSTORE: Final = "keystore"
KINDS: Final = (DATA, KEYSTORE)
MAKER: Final = "maker"
RAW: Final = 32
LONGEST: Final = 500
MAKE: Final = "`manage.py backup create-keys`"


def making_dir() -> Path:
    """Where the keys are that make backups."""
    return _dir("BACKUP_KEYS_DIR")


def opening_dir() -> Path:
    """Where the keys are that open them."""
    return _dir("RESTORE_KEYS_DIR")


def sealing_key(kind: str) -> X25519PublicKey:
    """To seal a backup of this kind to."""
    return X25519PublicKey.from_public_bytes(_read(making_dir() / f"{kind}.public"))


def opening_key(kind: str) -> X25519PrivateKey:
    """To open a backup of this kind."""
    return X25519PrivateKey.from_private_bytes(_read(opening_dir() / f"{kind}.private"))


def maker() -> Ed25519PrivateKey:
    """By which a manifest is signed."""
    return Ed25519PrivateKey.from_private_bytes(_read(making_dir() / f"{MAKER}.private"))


def known_maker() -> Ed25519PublicKey:
    """By which a manifest is proved; whoever makes backups has it too, in its private half."""
    if settings.RESTORE_KEYS_DIR and (opening_dir() / f"{MAKER}.public").exists():
        return Ed25519PublicKey.from_public_bytes(_read(opening_dir() / f"{MAKER}.public"))
    return maker().public_key()


def overlap(one: Path, other: Path) -> bool:
    """Whether they are one place, or one lies in the other."""
    first, second = one.resolve(), other.resolve()
    return first.is_relative_to(second) or second.is_relative_to(first)


def create_keys(making: Path | None = None, opening: Path | None = None) -> None:
    """Make all of them, into the two directories; never over one that is there."""
    making, opening = making or making_dir(), opening or opening_dir()
    if overlap(making, opening):
        raise BackupFault(
            "BACKUP_KEYS_DIR and RESTORE_KEYS_DIR must be two places: who makes backups must not "
            "be able to read them."
        )
    signer = Ed25519PrivateKey.generate()
    opens = {opening / f"{MAKER}.public": signer.public_key().public_bytes_raw()}
    makes = {making / f"{MAKER}.private": signer.private_bytes_raw()}
    for kind in KINDS:
        key = X25519PrivateKey.generate()
        opens[opening / f"{kind}.private"] = key.private_bytes_raw()
        makes[making / f"{kind}.public"] = key.public_key().public_bytes_raw()
    # First what opens: if this is killed, nothing was sealed to a key that was never written.
    new = opens | makes
    if taken := [str(path) for path in new if path.exists()]:
        if not all(path.exists() for path in makes):
            raise BackupFault(
                f"Only some of the keys are there ({', '.join(taken)}). If making them was cut "
                "short, nothing was sealed to them yet: remove these and run it again. If not, "
                "restore the others from where they are kept."
            )
        raise BackupFault(
            f"There are keys already ({', '.join(taken)}). They are left as they are: backups that "
            "were sealed to them need them. To change keys, use two new directories."
        )
    try:
        for path, raw in new.items():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, raw)
    except OSError as fault:
        raise BackupFault(f"{fault.filename} cannot be written ({fault.strerror}).") from None


def _dir(name: str) -> Path:
    path = getattr(settings, name)
    if not path:
        raise BackupFault(f"{name} is not set. Set it to a directory; {MAKE} fills it.")
    return Path(path)


def _line(path: Path, raw: bytes) -> str:
    return f"portal-backup-{path.name}+{b64encode(raw).decode()}\n"


def _write(path: Path, raw: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(_line(path, raw))
        new.flush()
        os.fsync(new.fileno())


def _read(path: Path) -> bytes:
    """The key in this file, whose line says which of them it is."""
    try:
        with path.open("rb") as held:
            mode = os.fstat(held.fileno()).st_mode
            line = held.read(LONGEST).decode("ascii", "replace")
    except OSError as fault:
        raise BackupFault(
            f"The key {path} cannot be read ({fault.strerror}). Restore it from where it is kept; "
            f"a new installation makes its keys with {MAKE}."
        ) from None
    if path.suffix == ".private" and (not stat.S_ISREG(mode) or mode & 0o077):
        raise BackupFault(
            f"The key {path} can be read by other accounts. Run `chmod 600` on it, and consider "
            "whether it is still secret."
        )
    name, _plus, encoded = line.strip().partition("+")
    try:
        raw = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if name != f"portal-backup-{path.name}" or len(raw) != RAW:
        raise BackupFault(f"{path} does not hold that key. Restore it from where it is kept.")
    return raw
