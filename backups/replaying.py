"""Destroys again what was disposed of after a backup was made."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from backups.errors import BackupFault
from encryption.errors import EncryptionFault
from encryption.stores.client import StoreGone


def replay_disposals() -> int:
    """Do over every disposal on the register; how many it names. Raises BackupFault.

    The app that disposes is above this one, so ``settings.REPLAY_DISPOSALS`` names what does it.
    """
    replay: Callable[[], int] = import_string(settings.REPLAY_DISPOSALS)
    try:
        return replay()
    except (EncryptionFault, StoreGone) as fault:
        raise BackupFault(str(fault)) from None
