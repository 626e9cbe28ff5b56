"""Destroys again what was disposed of after a backup was made."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from backups.errors import BackupFault
from encryption.casekeys import destroy_case_key
from encryption.errors import KeyMissing


def replay_disposals() -> int:
    """Destroy the keys of every case in the register; how many it names. Raises BackupFault.

    The one place where a restore meets disposal: `manage.py disposals replay` goes here, which
    takes tokens and files away too.
    """
    cases = set(_register())
    for case_id in cases:
        try:
            destroy_case_key(case_id)
        except KeyMissing:
            continue  # the case was begun after the backup: there is nothing of it here
    return len(cases)


def _register() -> Iterator[UUID]:
    path = settings.DISPOSAL_REGISTER
    if not path:
        raise BackupFault("DISPOSAL_REGISTER is not set. Set it to the register of disposals.")
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BackupFault(
            f"The register of disposals {path} cannot be read. Bring it from where it is kept: "
            "without it, what was disposed of would be readable again. Where nothing was ever "
            "disposed of, make an empty file there."
        ) from None
    for number, line in enumerate(lines, 1):
        try:
            yield UUID(json.loads(line)["case"])
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BackupFault(
                f"Line {number} of the register of disposals {path} is damaged. Bring another copy."
            ) from None
