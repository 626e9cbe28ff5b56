"""The ledger's signing key: a file of one line that the sequencer alone can read."""

import os
import stat
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.ledger.notes import ED25519, NoteFault, Signer, checked_name

BEGINS = "PRIVATE+KEY"


def create_signing_key(path: Path, name: str) -> Signer:
    """Write a new key that only its owner can read; never over an old one. Raises NoteFault."""
    signer = Signer(checked_name(name), Ed25519PrivateKey.generate())
    raw = ED25519 + signer.private.private_bytes_raw()
    line = f"{BEGINS}+{name}+{signer.verifier.key_id.hex()}+{b64encode(raw).decode()}\n"
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(line)
            new.flush()
            os.fsync(new.fileno())
        # A link, unlike a rename, fails when the name is taken.
        os.link(draft, path)
    except FileExistsError:
        raise NoteFault(
            f"There is already a signing key at {path}. It is left as it is. To change keys, "
            "set SIGNING_KEY_FILE to a new path; what the old one signed stays verifiable."
        ) from None
    except OSError as fault:
        raise NoteFault(
            f"The signing key {path} cannot be written ({fault.strerror}). "
            "Make its directory, and let this account write there."
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return signer


def read_signing_key(path: Path) -> Signer:
    """The key in this file. Raises NoteFault, which says what to do."""
    try:
        with path.open("rb") as held:
            mode = os.fstat(held.fileno()).st_mode
            line = held.read(1000).decode("ascii", "replace")
    except FileNotFoundError:
        raise NoteFault(
            f"There is no signing key at {path}. Make one with `manage.py ledger create-key`, "
            "or restore it from its backup."
        ) from None
    except OSError as fault:
        raise NoteFault(f"The signing key {path} cannot be read ({fault.strerror}).") from None
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise NoteFault(
            f"The signing key {path} can be read by other accounts. Run `chmod 600` on it, "
            "and consider whether it is still secret."
        )
    return _parsed(line, path)


def _parsed(line: str, path: Path) -> Signer:
    damaged = f"The signing key {path} is damaged. Restore it from its backup."
    parts = line.strip().split("+", 4)  # base64 may have more of them
    if len(parts) != 5 or "+".join(parts[:2]) != BEGINS:  # noqa: PLR2004
        raise NoteFault(damaged)
    _private, _key, name, key_id, encoded = parts
    try:
        raw = b64decode(encoded, validate=True)
        signer = Signer(checked_name(name), Ed25519PrivateKey.from_private_bytes(raw[1:]))
    except (NotBase64, ValueError, NoteFault):
        raise NoteFault(damaged) from None
    if raw[:1] != ED25519 or signer.verifier.key_id.hex() != key_id:
        raise NoteFault(damaged)
    return signer
