"""What a set says of itself, signed by whoever made it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature

from backups.errors import BackupFault
from backups.keys import known_maker, maker
from backups.places import Folder
from backups.sealed_files import TAKE_ANOTHER, held_pieces

NAME: Final = "manifest.json"
SIGNED: Final = b"portal backup manifest 1\n"
LARGEST: Final = 4 * 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """One set: of which kind, when, of which edition of the portal, and what is in it.

    ``counts`` has the rows of each table; ``parts`` the bytes and SHA-256 of each sealed file;
    ``checkpoint`` the ledger's last signed note at that time, empty before the first and in a set
    of the keystore.
    """

    kind: str
    name: str
    at: str
    version: str
    server: str
    migrations: dict[str, str]
    counts: dict[str, int]
    sealed_files: int
    checkpoint: str
    checkpoint_size: int
    parts: dict[str, dict[str, Any]]

    @property
    def when(self) -> datetime:
        """When it was begun."""
        return datetime.fromisoformat(self.at)

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(int(part["bytes"]) for part in self.parts.values())

    def write(self, folder: Folder) -> None:
        """Sign it into the set's folder."""
        text = json.dumps(asdict(self), sort_keys=True)
        signature = maker().sign(SIGNED + text.encode()).hex()
        (folder / NAME).write_text(json.dumps({"manifest": text, "signature": signature}, indent=1))


def read(folder: Folder, kind: str) -> Manifest:
    """The manifest of a set of this kind, once its signature holds. Raises BackupFault."""
    path = folder / NAME
    try:
        with path.open("rb") as held:
            outer = json.loads(held.read(LARGEST))
        text, signature = outer["manifest"], bytes.fromhex(outer["signature"])
        known_maker().verify(signature, SIGNED + text.encode())
        said = Manifest(**json.loads(text))
    except OSError as fault:
        raise BackupFault(
            f"{folder} is not a backup: its {NAME} cannot be read ({fault.strerror})."
        ) from None
    except InvalidSignature:
        raise BackupFault(
            f"{folder} was not made by the machine that makes our backups, or was changed since. "
            + TAKE_ANOTHER
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BackupFault(f"The {NAME} of {folder} is damaged. {TAKE_ANOTHER}") from None
    if said.kind != kind:
        raise BackupFault(
            f"{folder} is a backup of the {said.kind}, and one of the {kind} is wanted here. "
            "Give each in its own place."
        )
    return said


def hold_parts(folder: Folder, said: Manifest) -> dict[str, list[bytes]]:
    """Every part is there with the bytes that the manifest names: the digests of their pieces.

    Raises BackupFault.
    """
    return {
        name: held_pieces(folder / name, str(part["sha256"])) for name, part in said.parts.items()
    }
