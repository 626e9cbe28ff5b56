#!/usr/bin/env python3
"""Django's commands; without other word, on the embedded default under ``var/``."""

import os
import signal
import sys


def stop_quietly(_number: int, _frame: object) -> None:
    """End at once with one line, where nothing is running yet: any moment is as good as another."""
    os.write(2, b"\nStopped before the portal was up; the next start goes on from here.\n")
    os._exit(130)


def has_room_for_code(here: str) -> bool:
    """Whether compiled modules fit on the disk; one that is cut short, Python keeps and reads."""
    disk = os.statvfs(here)
    return disk.f_bavail * disk.f_frsize > ROOM_FOR_CODE


ROOM_FOR_CODE = 100_000_000  # bytes; all that is ever compiled has half of that
# Whoever installs the portal makes keys before there is a database, or any other setting.
MAKE_KEYS = (
    ["new_installation"],
    ["keys", "create"],
    ["ledger", "create-key"],
    ["backup", "create-keys"],
)
PRODUCTION = "portal.settings.production"

if __name__ == "__main__":
    if not has_room_for_code(__file__):
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # for whatever is started from here
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")
    if sys.argv[1:2] == MAKE_KEYS[0] or (
        os.environ["DJANGO_SETTINGS_MODULE"] == PRODUCTION and sys.argv[1:3] in MAKE_KEYS
    ):
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.making"
    if sys.argv[1:2] == ["serve"]:
        for wanted in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wanted, stop_quietly)
    from django.core.management import execute_from_command_line

    from portal.settings.secret_files import NotUsable

    try:
        execute_from_command_line(sys.argv)
    except NotUsable as fault:
        sys.exit(f"{fault}")
