"""What stops a process before it serves anybody: wrong keys, or a restore that nobody proved."""

import sys
from collections.abc import Iterable
from typing import NoReturn

import structlog
from django.conf import settings
from django.db import Error, connections

from backups.restore_mark import is_marked
from encryption.errors import EncryptionFault
from encryption.startup import check_keys
from encryption.stores import file_store

__all__ = ["check_files_or_stop", "check_keys", "check_keys_or_stop"]

logger = structlog.get_logger(__name__)

WORKER_FAILED_TO_BOOT = 3  # the code at which gunicorn gives up instead of trying for ever


def stop(found: list[str]) -> NoReturn:
    """Say what is wrong and end the process, so that gunicorn does not try again."""
    sys.stderr.write("The portal does not start: " + "\n".join(found) + "\n")
    sys.stderr.flush()
    raise SystemExit(WORKER_FAILED_TO_BOOT) from None


def check_keys_or_stop() -> None:
    """Say in plain words what is wrong with a key, and end the process, before it serves anybody.

    The message of such a fault is ours and names files and key ids only, so it may be printed.
    """
    try:
        check_keys()
    except EncryptionFault as fault:
        stop([str(fault)])


def check_files_or_stop() -> None:
    """Likewise where the place of the sealed files is not what it must be.

    One that only does not answer stops nothing: pages are served without it, and it is held to
    all of that before the first file is put there.
    """
    if not settings.OPENS_RECORDS:
        return
    try:
        file_store().check()
    except OSError as fault:
        logger.error("files_not_there", kind=type(fault).__name__)  # noqa: TRY400 - no words of it
    except EncryptionFault as fault:
        stop([str(fault)])


WHY = (
    "The database {alias!r} was restored from a backup and is not yet proved: what was disposed of "
    "since may be readable again. Run `manage.py prove_restore` as the owner of the tables."
)


def restored_faults(aliases: Iterable[str]) -> list[str]:
    """In plain words which of these databases bear the mark of a restore."""
    return [WHY.format(alias=alias) for alias in aliases if is_marked(alias)]


def check_restored_or_stop(aliases: Iterable[str] | None = None) -> None:
    """Say what to run, and end the process, before it serves anybody or signs anything.

    Asked of every database that this process is given, unless ``aliases`` are named.
    """
    try:
        found = restored_faults(connections if aliases is None else aliases)
    except Error:
        found = ["A database does not answer, so nobody knows whether it was proved."]
    if found:
        stop(found)
