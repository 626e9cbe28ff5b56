"""The start-up check of the keys, asked for by the web server, the worker and ``check``."""

import sys

from encryption.errors import EncryptionFault
from encryption.startup import check_keys

__all__ = ["check_keys", "check_keys_or_stop"]

WORKER_FAILED_TO_BOOT = 3  # the code at which gunicorn gives up instead of trying for ever


def check_keys_or_stop() -> None:
    """Say in plain words what is wrong with a key, and end the process, before it serves anybody.

    The message of such a fault is ours and names files and key ids only, so it may be printed.
    """
    try:
        check_keys()
    except EncryptionFault as fault:
        sys.stderr.write(f"The portal does not start: {fault}\n")
        sys.stderr.flush()
        raise SystemExit(WORKER_FAILED_TO_BOOT) from None
