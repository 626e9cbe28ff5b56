"""What a run of ``with_services`` leaves where it is killed: found by its folder, and ended.

A run locks a file in its folder, which the system unlocks when it dies. A watcher of its own clears
up at once; where that was killed too, the next run does. A process belongs to a folder when the
environment that it was started with names the folder, or when it works in there and no terminal
controls it. All of this is asked of ``/proc``: without one nothing is ended but by the run itself.

    python scripts/strays.py FOLDER    (clears up when its standard input ends)
"""

import fcntl
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# A short path: PostgreSQL's socket must fit into 107 bytes. Not in memory: what tests wait for is
# mostly Python, which is no quicker for it.
PLACE = Path("/tmp")  # noqa: S108 - folders in there are made with names of their own
PREFIX = "portal-"
OWNER = "owner"  # the file that a living run has locked
POLITE = 10  # seconds for PostgreSQL to end by itself, which gives back what it shares
PATIENCE = 60


@contextmanager
def own_folder() -> Iterator[Path]:
    """A new folder, locked from before it can be found until it is gone."""
    draft = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=PLACE))
    with (draft / OWNER).open("w") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        owner.write(f"{os.getpid()}\n")
        owner.flush()
        draft.chmod(0o755)
        folder = draft.rename(PLACE / draft.name.removeprefix("."))
        try:
            yield folder
        finally:
            end_all(folder)
            shutil.rmtree(folder, ignore_errors=True)


def clear_dead() -> list[Path]:
    """Clear up after every run of ours that was killed; the folders that are gone now."""
    return [folder for folder in sorted(PLACE.glob(f"{PREFIX}*")) if clear(folder, wait=False)]


def clear(folder: Path, *, wait: bool) -> bool:
    """End what belongs to a folder whose run is dead, and remove it; whether that was so."""
    try:
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            return False
        owner = (folder / OWNER).open("r+")
    except OSError:
        return False
    with owner:
        try:
            fcntl.flock(owner, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            return False  # it lives
        if not (folder / OWNER).exists():
            return False  # somebody else was quicker
        left = end_all(folder)
        if left:
            return False  # its folder is how they are found again
        shutil.rmtree(folder, ignore_errors=True)
        return True


def end_all(folder: Path) -> set[int]:
    """End every process that belongs to a folder; those that would not end."""
    began = time.monotonic()
    while left := set(processes_of(folder)):
        waited = time.monotonic() - began
        if waited > PATIENCE:
            break
        for pid in left:
            is_postgres = _works_in(pid).endswith("/pg/data")
            if not is_postgres or waited > POLITE:
                _end(pid, signal.SIGKILL, folder)
            elif pid in _postmasters(folder):
                _end(pid, signal.SIGQUIT, folder)
        time.sleep(0.05)
    return left


def processes_of(folder: Path) -> Iterator[int]:
    """The processes that belong to a folder: never ourselves, and nobody that we descend from."""
    spared = set(_ancestors(os.getpid()))
    for path in Path("/proc").glob("[0-9]*"):
        pid = int(path.name)
        if pid not in spared and belongs(pid, folder):
            yield pid


def belongs(pid: int, folder: Path) -> bool:
    """Whether a process was started by the run of this folder, as far as can be proved."""
    named = str(folder).encode()
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False  # another user's, or it has just ended
    values = (variable.partition(b"=")[2] for variable in variables)
    if any(value == named or value.startswith(named + b"/") for value in values):
        return True
    # Servers write their titles over their environment.
    works_in, (_, terminal) = _works_in(pid), _parent_and_terminal(pid)
    return terminal == 0 and (works_in + "/").startswith(f"{folder}/")


def _works_in(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


def _parent_and_terminal(pid: int) -> tuple[int, int]:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(words[1]), int(words[4])
    except (OSError, IndexError):
        return 0, -1


def _ancestors(pid: int) -> Iterator[int]:
    while pid > 0:
        yield pid
        pid, _ = _parent_and_terminal(pid)


def _postmasters(folder: Path) -> set[int]:
    found = set()
    for path in folder.glob("*/pg/data/postmaster.pid"):
        with suppress(OSError, ValueError, IndexError):
            found.add(int(path.read_text().splitlines()[0]))
    return found


def _end(pid: int, how: signal.Signals, folder: Path) -> None:
    """Signal a process, held fast first, so that its number cannot have become another's."""
    with suppress(OSError):
        held = os.pidfd_open(pid)
        try:
            if belongs(pid, folder):
                signal.pidfd_send_signal(held, how)
        finally:
            os.close(held)


def main() -> None:
    """Wait until the run has ended, in whatever way, and clear up if it did not."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # we end with the run
    sys.stdin.buffer.read()
    clear(Path(sys.argv[1]), wait=True)


if __name__ == "__main__":
    main()
