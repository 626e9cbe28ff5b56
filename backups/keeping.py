"""Which sets are there, and which have been kept long enough."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE
from backups.manifest import Manifest, hold_parts, read

STAMP: Final = "%Y%m%dT%H%M%S.%fZ"  # how the name of a set begins, after its kind
GOING: Final = ".going-"


def sets(place: Path, kind: str) -> list[tuple[Path, Manifest]]:
    """The sets of this kind whose manifests hold, newest first."""
    found = []
    for folder in place.glob(f"{kind}-*"):
        try:
            found.append((folder, read(folder, kind)))
        except BackupFault:
            continue
    return sorted(found, key=lambda each: each[1].when, reverse=True)


def newest(place: Path, kind: str) -> Path:
    """The newest set of this kind, of which nothing is read yet but its name."""
    found = sorted(place.glob(f"{kind}-*"), key=lambda each: each.name, reverse=True)
    if not found:
        raise BackupFault(f"There is no backup of the {kind} in {place}.")
    return found[0]


def prune(place: Path, kind: str) -> list[Path]:
    """Remove the sets that are past their time, never the newest that is whole; which they were.

    Their names say how old they are: one that is damaged, or was made with other keys, must not
    be kept longer for that, since what is destroyed lives on in it.
    """
    days = {DATA: settings.BACKUP_DATA_DAYS, KEYSTORE: settings.BACKUP_KEYSTORE_DAYS}[kind]
    past = datetime.now(UTC) - timedelta(days=days)
    gone, whole = [], False
    for at, folder in sorted(_dated(place, kind), reverse=True):
        if not whole:
            whole = _is_whole(folder, kind)
        elif at < past:
            # Renamed first: one that is half removed must not look like a set.
            shutil.rmtree(folder.rename(folder.with_name(GOING + folder.name)))
            gone.append(folder)
    for left in place.glob(f"{GOING}*"):
        shutil.rmtree(left, ignore_errors=True)
    return gone


def _dated(place: Path, kind: str) -> list[tuple[datetime, Path]]:
    """When each was made, by its name; what has another name is not ours to remove."""
    found = []
    for folder in place.glob(f"{kind}-*"):
        stamp = folder.name.removeprefix(f"{kind}-").partition("-")[0]
        try:
            found.append((datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), folder))
        except ValueError:
            continue
    return found


def _is_whole(folder: Path, kind: str) -> bool:
    try:
        hold_parts(folder, read(folder, kind))
    except BackupFault:
        return False
    return True
