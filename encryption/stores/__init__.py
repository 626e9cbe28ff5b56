"""Where sealed files lie: in a folder, or in a bucket of an object storage (docs/adr/0106)."""

from pathlib import Path
from typing import Final

from django.conf import settings

from encryption.stores.bucket import InBucket
from encryption.stores.folder import Folder
from encryption.stores.interface import Store

WHILE_SOMEBODY_WAITS: Final = 2  # attempts at a request
AT_NIGHT: Final = 6


def file_store(attempts: int = WHILE_SOMEBODY_WAITS) -> Store:
    """The store of this process, by its settings; ``attempts`` at a request to a bucket."""
    if settings.FILES_BUCKET:
        return InBucket(settings.FILES_BUCKET, attempts)
    return Folder(Path(settings.FILES_DIR))


def store_to_copy() -> Store:
    """The same for a process that is given it to copy and not to open."""
    if settings.BACKUP_FILES_BUCKET:
        return InBucket(settings.BACKUP_FILES_BUCKET, AT_NIGHT)
    return (
        Folder(Path(settings.BACKUP_FILES_DIR))
        if settings.BACKUP_FILES_DIR
        else file_store(AT_NIGHT)
    )
