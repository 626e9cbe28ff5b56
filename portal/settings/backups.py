"""Where backups go, how long they are kept, and which keys they are made and opened with."""

from pathlib import Path

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from encryption.stores.address import Bucket
from portal.settings.environment import env
from portal.settings.objects import bucket


def place(name: str) -> Path | None:
    """A directory, if one is named."""
    said = env.str(name, "").strip()
    return Path(said) if said else None


def schedule(data: object, keystore: object) -> dict[str, dict[str, object]]:
    """What the clock asks for each night where backups are made here, each of its own worker.

    Asked for each hour until it is done: a clock or a worker may be down at the first.
    """
    if not data or not keystore:
        return {}
    return {
        "make a backup": {
            "task": "backups.tasks.make_backup",
            "schedule": crontab(hour="1-7", minute=10),
            "options": {"queue": "backups"},
        },
        "drill a restore": {
            "task": "backups.tasks.drill_restore",
            "schedule": crontab(hour="3-9", minute=10),
            "options": {"queue": "drills"},
        },
    }


def require_place(said: str, data: Path | Bucket | None, keystore: Path | Bucket | None) -> None:
    """Stop where nobody has said what becomes of backups."""
    if said not in ("here", "elsewhere"):
        raise ImproperlyConfigured(
            "BACKUPS must be `here`, with BACKUP_DATA_DIR and BACKUP_KEYSTORE_DIR (or ..._BUCKET), "
            "or `elsewhere`, where something other than the portal makes them."
        )
    if said == "here" and (not data or not keystore):
        raise ImproperlyConfigured(
            "Set BACKUP_DATA_DIR and BACKUP_KEYSTORE_DIR (or ..._BUCKET), or BACKUPS=elsewhere "
            "where something other than the portal makes backups."
        )
    if data and keystore and _are_one(data, keystore):
        raise ImproperlyConfigured(
            "BACKUP_KEYSTORE_DIR must be another place than BACKUP_DATA_DIR (and of two buckets "
            "each another one): whoever finds one "
            "must not have the other, and the keys are kept shorter."
        )


def require_days(data: int, keystore: int) -> None:
    """Stop where the keystore's sets are not kept shorter than those of the data."""
    if not 0 < keystore < data:
        raise ImproperlyConfigured(
            "BACKUP_KEYSTORE_DAYS must be at least 1 and less than BACKUP_DATA_DAYS: what is "
            "destroyed is gone from every backup only when the keystore's are past."
        )


def _are_one(one: Path | Bucket, other: Path | Bucket) -> bool:
    """Two folders of one bucket have one keeper, whatever they are called."""
    if isinstance(one, Bucket) and isinstance(other, Bucket):
        return (one.endpoint, one.name) == (other.endpoint, other.name)
    if isinstance(one, Bucket) or isinstance(other, Bucket):
        return False
    first, second = one.resolve(), other.resolve()
    return first.is_relative_to(second) or second.is_relative_to(first)


# Two places, so that each has its own keeper and its own time.
BACKUP_DATA_DIR = place("BACKUP_DATA_DIR")
BACKUP_KEYSTORE_DIR = place("BACKUP_KEYSTORE_DIR")
# Or buckets; only who makes or reads backups is given keys for them.
BACKUP_DATA_BUCKET = bucket("BACKUP_DATA", needs=["S3_REGION"])
BACKUP_KEYSTORE_BUCKET = bucket("BACKUP_KEYSTORE", needs=["S3_REGION"])
BACKUP_DATA = BACKUP_DATA_BUCKET or BACKUP_DATA_DIR
BACKUP_KEYSTORE = BACKUP_KEYSTORE_BUCKET or BACKUP_KEYSTORE_DIR
BACKUP_DATA_DAYS = env.int("BACKUP_DATA_DAYS", 35)
BACKUP_KEYSTORE_DAYS = env.int("BACKUP_KEYSTORE_DAYS", 7)
BACKUP_KEYS_DIR = place("BACKUP_KEYS_DIR")
RESTORE_KEYS_DIR = place("RESTORE_KEYS_DIR")
# As whoever may read all of it; where they are empty, the addresses of this process.
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", "")
BACKUP_KEYSTORE_DATABASE_URL = env.str("BACKUP_KEYSTORE_DATABASE_URL", "")
# Folder or bucket of the sealed files, for a process that is given them to copy and not to open.
BACKUP_FILES_DIR = place("BACKUP_FILES_DIR")
BACKUP_FILES_BUCKET = bucket("BACKUP_FILES")
