"""``manage.py new_installation FOLDER``: every secret of a new installation, in one go."""

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.ledger.signing import create_signing_key
from backups.errors import BackupFault
from backups.keys import create_keys
from encryption.errors import KeyringFault
from encryption.provider import create_keyring_file

EXAMPLE: Final = Path(settings.BASE_DIR) / "portal" / "portal.env.example"
MADE: Final = "made-by-new_installation"
PASSWORD: Final = 32  # bytes, written in letters that stand in an address as they are


class Command(BaseCommand):
    """Needs no database, no Redis and no environment (docs/installation.md)."""

    help = (
        "Make a folder with portal.env, the key ring, the ledger's signing key and the keys of "
        "backups; never over one that is there"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--url", required=True, help="https://portal.partnership.example")
        parser.add_argument("--owner", type=int, help="the user id that the files belong to")

    def handle(self, *_args: Any, folder: Path, url: str, owner: int | None, **_o: Any) -> None:
        host = urlsplit(url).hostname
        if not url.startswith("https://") or not host:
            raise CommandError("--url must begin with https:// and name the portal's host.")
        values = folder / "portal.env"
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(
                f"{folder} is not empty, and nothing in it was changed. "
                "Name a new folder; what is kept in this one may be the only key there is."
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            self.make_keys(folder, url)
            write(values, filled_in(EXAMPLE.read_text(), url.rstrip("/"), host))
            if owner is not None:
                for path in [folder, *folder.rglob("*")]:
                    os.chown(path, owner, owner)
        except (OSError, KeyringFault, BackupFault) as fault:
            raise CommandError(f"{fault}") from None
        self.stdout.write(
            f"Made {folder}. Copy it to two safe places now: without keyring.json no record can "
            "ever be opened, without restore-keys no backup.\n"
            f"Fill in what is left empty in {values}."
        )

    def make_keys(self, folder: Path, url: str) -> None:
        create_keyring_file(folder / "keyring.json")
        name = f"{url.removeprefix('https://').rstrip('/')}/ledger"
        signer = create_signing_key(folder / "ledger.key", name)
        create_keys(folder / "backup-keys", folder / "restore-keys")
        self.stdout.write(f"Give this public key to every partner:\n{signer.verifier}")


def filled_in(example: str, url: str, host: str) -> str:
    """The example with the portal's address, and a password of its own for each that is made."""
    lines = []
    for line in example.splitlines():
        name, is_value, value = line.partition("=")
        if is_value and value == MADE:
            value = secrets.token_urlsafe(50 if name == "SECRET_KEY" else PASSWORD)
        elif name == "PORTAL_URL":
            value = url
        elif name == "ALLOWED_HOSTS":
            value = host
        lines.append(f"{name}={value}" if is_value else line)
    return "\n".join(lines) + "\n"


def write(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
