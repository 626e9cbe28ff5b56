"""Which sets are there, and which have been kept long enough."""

import shutil
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.timezone import localdate

from backups.errors import BackupFault
from backups.in_bucket import ObjectSet
from backups.keys import DATA, KEYSTORE, KINDS
from backups.manifest import Manifest, hold_parts, read
from backups.places import Folder, Place, Places

STAMP: Final = "%Y%m%dT%H%M%S.%fZ"  # how the name of a set begins, after its kind
GOING: Final = ".going-"
A_DAY: Final = timedelta(days=1)


def _there(place: Place, kind: str) -> list[Folder]:
    """The sets of this kind, of which nothing is read yet but their names."""
    try:
        return list(place.glob(f"{kind}-*"))
    except OSError as fault:
        raise BackupFault(f"{place} cannot be read ({fault.strerror}).") from None


def sets(place: Place, kind: str) -> list[tuple[Folder, Manifest]]:
    """The sets of this kind whose manifests hold, newest first."""
    found = []
    for folder in _there(place, kind):
        try:
            found.append((folder, read(folder, kind)))
        except BackupFault:
            continue
    return sorted(found, key=lambda each: each[1].when, reverse=True)


def newest(place: Place, kind: str) -> Folder:
    """The newest set of this kind."""
    found = sorted(_there(place, kind), key=lambda each: each.name, reverse=True)
    if not found:
        raise BackupFault(f"There is no backup of the {kind} in {place}.")
    return found[0]


def newest_pair(where: Places) -> dict[str, Folder]:
    """The newest set of the data whose keystore's is there, and the newest of the keystore.

    While a backup is made, and after one that was killed, the newest of the data is without.
    """
    found = {kind: newest(where[kind], kind) for kind in KINDS}
    until = found[KEYSTORE].name.removeprefix(KEYSTORE)
    for folder in sorted(_there(where[DATA], DATA), key=lambda each: each.name, reverse=True):
        if folder.name.removeprefix(DATA) <= until:
            return found | {DATA: folder}
    raise BackupFault(
        f"There is no backup of the keystore as new as one of the data in {where[DATA]}. Run "
        "`manage.py backup`."
    )


def gone_from(kind: str, at: datetime) -> date:
    """The first day on which no set that was made before this moment is kept any more.

    A set that is past its time goes with the backup of the next night, some time in that night;
    so the day after that one is the first that is wholly without it.
    """
    return localdate(at + timedelta(days=_days(kind)) + A_DAY) + A_DAY


def _days(kind: str) -> int:
    days: int = {DATA: settings.BACKUP_DATA_DAYS, KEYSTORE: settings.BACKUP_KEYSTORE_DAYS}[kind]
    return days


def needed(where: Places) -> set[Folder]:
    """What a restore would be made of now, where there is that much."""
    try:
        return set(newest_pair(where).values())
    except BackupFault:
        return set()


def prune(place: Place, kind: str, *, keep: Collection[Folder] = ()) -> list[Folder]:
    """Remove the sets that are past their time, never the newest that is whole; which they were.

    Nor what is to ``keep``: where only one kind could be made for weeks, its newest is of no use.

    Their names say how old they are: one that is damaged, or was made with other keys, must not
    be kept longer for that, since what is destroyed lives on in it. Raises BackupFault, once all
    others are gone, where one cannot be removed.
    """
    past = datetime.now(UTC) - timedelta(days=_days(kind))
    gone: list[Folder] = []
    stuck: list[Folder] = []
    whole = False
    for at, folder in sorted(_dated(place, kind), key=lambda each: each[0], reverse=True):
        if not whole:
            whole = _is_whole(folder, kind)
        elif at < past and folder not in keep:
            # Renamed first: one that is half removed must not look like a set.
            (gone if _set_aside(folder) else stuck).append(folder)
    if isinstance(place, Path):
        stuck += _cleared(place)
    if stuck:
        raise BackupFault(
            f"{', '.join(map(str, stuck))}: past its time and could not be removed. Remove it by "
            "hand, with what it may be a link to: what was destroyed lives on in it."
        )
    return gone


def _cleared(place: Path) -> list[Path]:
    """Take away what was set aside; what could not be."""
    left = list(place.glob(f"{GOING}*"))
    for each in left:
        shutil.rmtree(each, ignore_errors=True)
    return [each for each in left if each.exists()]


def _set_aside(folder: Folder) -> bool:
    if isinstance(folder, ObjectSet):
        return folder.remove()
    if folder.is_symlink() or folder.is_file():  # we make neither, and would miss what it names
        return False
    try:
        folder.rename(folder.with_name(GOING + folder.name))
    except OSError:
        return not folder.exists()  # somebody else was quicker
    return True


def _dated(place: Place, kind: str) -> list[tuple[datetime, Folder]]:
    """When each was made, by its name; what has another name is not ours to remove."""
    found = []
    for folder in _there(place, kind):
        stamp = folder.name.removeprefix(f"{kind}-").partition("-")[0]
        try:
            found.append((datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), folder))
        except ValueError:
            continue
    return found


def _is_whole(folder: Folder, kind: str) -> bool:
    try:
        hold_parts(folder, read(folder, kind))
    except BackupFault:
        return False
    return True
