"""Which sets are there, and which have been kept long enough."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE
from backups.manifest import Manifest, hold_parts, read


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
    """Remove the sets that are past their time, never the newest that is whole; which they were."""
    days = {DATA: settings.BACKUP_DATA_DAYS, KEYSTORE: settings.BACKUP_KEYSTORE_DAYS}[kind]
    past = datetime.now(UTC) - timedelta(days=days)
    gone = []
    for folder, said in _older_than_the_newest_whole(sets(place, kind)):
        if said.when < past:
            # Renamed first: one that is half removed must not look like a set.
            going = folder.rename(folder.with_name(f".going-{folder.name}"))
            shutil.rmtree(going)
            gone.append(folder)
    for left in place.glob(".going-*"):
        shutil.rmtree(left, ignore_errors=True)
    return gone


def _older_than_the_newest_whole(
    found: list[tuple[Path, Manifest]],
) -> Iterator[tuple[Path, Manifest]]:
    whole = False
    for folder, said in found:
        if whole:
            yield folder, said
            continue
        try:
            hold_parts(folder, said)
        except BackupFault:
            continue
        whole = True
