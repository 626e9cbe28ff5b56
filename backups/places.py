"""Where sets go and come from: folders or buckets, read alike, and made each in its own way."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, TypeAlias

from django.conf import settings

from backups.errors import BackupFault
from backups.in_bucket import BucketPlace, ObjectFile, ObjectSet, Upload
from backups.keys import DATA, KEYSTORE, overlap
from backups.servers import one_at_a_time, source
from encryption.errors import StoreFault
from encryption.stores.address import Bucket, NotABucket, parsed
from encryption.stores.folder import sync_directory
from encryption.stores.holding import hold_place

Place: TypeAlias = Path | BucketPlace
Folder: TypeAlias = Path | ObjectSet
File: TypeAlias = Path | ObjectFile
Places: TypeAlias = dict[str, Place]
DRAFT: Final = ".unfinished-"
ONE_AT_A_TIME: Final = 5_802_106  # the first half of an advisory lock; the second is the place


def places(data: Path | str = "", keystore: Path | str = "") -> Places:
    """Where sets of each kind go; both must be named, and be two. Raises BackupFault."""
    found = {kind: _named(kind, str(said)) for kind, said in ((DATA, data), (KEYSTORE, keystore))}
    one, other = found[DATA], found[KEYSTORE]
    if isinstance(one, Path) and isinstance(other, Path):
        is_one = overlap(one, other)
    else:  # a bucket has one keeper, whatever its folders are called
        is_one = _keeper(one) == _keeper(other)
    if is_one:
        raise BackupFault("Data and keystore must go to two places: whoever finds one has neither.")
    return found


def _keeper(place: Place) -> object:
    return (place.bucket.endpoint, place.bucket.name) if isinstance(place, BucketPlace) else place


def _named(kind: str, said: str) -> Place:
    """A place that somebody names, or that of the settings."""
    if said:
        return BucketPlace(_bucket(kind, said)) if said.startswith("s3:") else Path(said)
    if bucket := settings_bucket(kind):
        return BucketPlace(_with_key(kind, bucket))
    path = {DATA: settings.BACKUP_DATA_DIR, KEYSTORE: settings.BACKUP_KEYSTORE_DIR}[kind]
    if not path:
        raise BackupFault(
            f"There is no place for backups of the {kind}: set BACKUP_{kind.upper()}_DIR or "
            f"BACKUP_{kind.upper()}_BUCKET, or say --{kind} DIRECTORY."
        )
    return Path(path)


def settings_bucket(kind: str) -> Bucket | None:
    """The bucket that the settings name for this kind."""
    found: Bucket | None = {
        DATA: settings.BACKUP_DATA_BUCKET,
        KEYSTORE: settings.BACKUP_KEYSTORE_BUCKET,
    }[kind]
    return found


def set_named(kind: str, said: str) -> Folder:
    """A set that somebody names: a folder, or ``s3://bucket/folder/set``. Raises BackupFault."""
    if not said.startswith("s3:"):
        return Path(said)
    place, _stroke, name = said.rstrip("/").rpartition("/")
    return BucketPlace(_bucket(kind, place)) / name


def _bucket(kind: str, said: str) -> Bucket:
    """Another bucket than that of the settings, spoken to in the same way."""
    known = settings_bucket(kind)
    if known is None:
        raise BackupFault(
            f"To read {said}, set BACKUP_{kind.upper()}_BUCKET to its bucket, with S3_REGION and "
            "the key for it (docs/backup.md)."
        )
    try:
        name, prefix = parsed(said)
    except NotABucket as fault:
        raise BackupFault(str(fault)) from None
    return replace(_with_key(kind, known), name=name, prefix=prefix)


def _with_key(kind: str, bucket: Bucket) -> Bucket:
    # Without one the library would look for some other on this machine.
    if not bucket.key_id or not bucket.secret:
        name = f"BACKUP_{kind.upper()}_S3_ACCESS_KEY_ID"
        raise BackupFault(
            f"This process has no key for {bucket}: set {name} (or S3_ACCESS_KEY_ID) and its "
            "secret, where backups are made or read."
        )
    return bucket


def are_made_here() -> bool:
    """Whether it is the portal that makes backups."""
    return bool(settings.BACKUP_DATA_DIR or settings.BACKUP_DATA_BUCKET)


@contextlib.contextmanager
def alone(place: Place, kind: str) -> Iterator[None]:
    """One backup at a time in this place; what a killed one has left is cleared away."""
    with _locked_folder(place) if isinstance(place, Path) else _locked_bucket(place, kind):
        yield


@contextlib.contextmanager
def _locked_folder(place: Path) -> Iterator[None]:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (place / ".lock").open("w")
    except OSError as fault:
        raise BackupFault(f"{place} cannot be written to ({fault.strerror}).") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _another(place) from None
        for left in place.glob(f"{DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextlib.contextmanager
def _locked_bucket(place: BucketPlace, kind: str) -> Iterator[None]:
    """By the database that is copied: a storage has no locks that end with their holder."""
    with (
        source(kind).asked() as link,
        link.cursor() as cursor,
        one_at_a_time(cursor, ONE_AT_A_TIME, str(place)) as is_ours,
    ):
        if not is_ours:
            raise _another(place)
        try:
            hold_place(place.client, place.bucket)
            stuck = place.clear(f"{kind}-")
        except (StoreFault, OSError) as fault:
            raise BackupFault(f"{place} cannot be written to. {fault}") from None
        if stuck:
            raise BackupFault(
                f"{', '.join(map(str, stuck))}: left by a backup that was ended, and could not be "
                "removed. Remove it by hand."
            )
        yield


def _another(place: Place) -> BackupFault:
    return BackupFault(f"Another backup is being made in {place}. Wait until it is done.")


@contextlib.contextmanager
def begun(place: Place, name: str) -> Iterator[Folder]:
    """A folder to fill: a set of that name once it was filled, or nothing of it stays."""
    if isinstance(place, Path):
        with _begun_in_folder(place, name) as folder:
            yield folder
        return
    whole = place / name
    try:
        yield whole
    except BaseException:
        with contextlib.suppress(OSError):
            whole.remove()
        raise


@contextlib.contextmanager
def _begun_in_folder(place: Path, name: str) -> Iterator[Path]:
    draft = place / f"{DRAFT}{name}"
    draft.mkdir(mode=0o700)
    try:
        yield draft
        for path in (*draft.iterdir(), draft):
            sync_directory(path)
        draft.rename(place / name)
        sync_directory(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def created(file: File) -> Iterator[IO[bytes] | Upload]:
    """A new file of a set, to write to."""
    if isinstance(file, Path):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as new:
            yield new
        return
    with file.create() as upload:
        yield upload
