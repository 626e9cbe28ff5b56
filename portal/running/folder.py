"""The folder in which everything lies: one portal at a time, and nothing half made left in it."""

import errno
import fcntl
import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

LOCK: Final = "lock"
A_MOMENT: Final = 5  # seconds for what is left of a portal to be gone
PATIENCE: Final = 60  # the same, where its parent is gone already and the machine may be busy
TICK: Final = 0.1
# What an earlier version kept its queue and its clock in.
OF_THE_QUEUE: Final = ("broker", "beat", "beat-*", "beat.*")
NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FolderFault(Exception):
    """In one sentence why this folder cannot be used now, and what to do."""


def lock(var: Path, address: str) -> int:
    """Take the folder for this process and whatever inherits the descriptor; raises FolderFault."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        held = os.open(var / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        raise FolderFault(of_the_folder(var, fault)) from None
    begun = time.monotonic()
    while not _taken(held):
        pid, there = _holder(held)
        patience = A_MOMENT if _lives(pid) else PATIENCE
        if time.monotonic() - begun > patience:
            os.close(held)
            raise FolderFault(
                f"A portal runs in {var} already (process {pid or '?'}, {there or 'starting'}). "
                "Stop that one, or choose another folder: make run PORTAL_VAR=folder PORT=8001"
            )
        time.sleep(TICK)
    said = json.dumps({"process": os.getpid(), "address": address}).encode()
    try:
        os.ftruncate(held, 0)
        os.pwrite(held, said, 0)
    except OSError as fault:
        raise FolderFault(of_the_folder(var, fault)) from None
    return held


def clear_leftovers(var: Path) -> None:
    """Take away what a killed start left half written, and the queue of an earlier version."""
    gone = [path for pattern in OF_THE_QUEUE for path in var.glob(pattern)]
    for path in [*gone, *var.glob(".*.new"), *var.glob("mail/*.part")]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()


def of_the_folder(var: Path, fault: OSError) -> str:
    """What to do about a folder that cannot be made, or written to."""
    if fault.errno in NO_ROOM:
        return f"There is no room left on the disk of {var}. Make room, then start again."
    return (
        f"{var} cannot be used ({fault.strerror}). "
        "Choose a folder that this account may write to: make run PORTAL_VAR=folder"
    )


def of_a_database(var: Path, fault: Exception) -> str:
    """What to do about a database that cannot be used; "" for a fault that is none of its disk."""
    said = str(fault)
    if "full" in said or "disk I/O" in said:
        return f"There is no room left on the disk of {var}. Make room, then start again."
    if "locked" in said:
        return f"Another program holds the databases in {var}. End it, then start again."
    if "readonly" in said or "unable to open" in said:
        return (
            f"The databases in {var} cannot be written to. Let this account write there, or choose "
            "another folder: make run PORTAL_VAR=folder"
        )
    if "malformed" in said or "not a database" in said:
        return (
            f"A database in {var} is damaged. Put the folder back from a backup; or, to begin "
            f"again with nothing, remove {var}."
        )
    return ""


def _taken(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(held: int) -> tuple[int, str]:
    try:
        said = json.loads(os.pread(held, 1000, 0))
        return int(said["process"]), str(said["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


def _lives(pid: int) -> bool:
    if pid <= 0:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
