"""Makes a set of each kind: sealed on the way, whole or not there at all.

First the data, then the files, then the keystore: a case's key is committed before anything is
sealed with it and a file is in its place before its row, so what a row needs is always in the
copies made after it.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tarfile
import threading
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from django.conf import settings

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, overlap, sealing_key
from backups.manifest import Manifest, read
from backups.pruning import STAMP
from backups.sealing import Sealing
from backups.servers import Server, program, source
from backups.snapshots import Snapshot, snapshot
from workflow.exit_status import how_it_ended

DATABASE: Final = "database.sealed"
FILES: Final = "files.sealed"
DRAFT: Final = ".unfinished-"
PIECE: Final = 1024 * 1024
Step = Callable[[int], None]
Places = dict[str, Path]


def places(data: Path | None = None, keystore: Path | None = None) -> Places:
    """Where sets of each kind go; both must be named, and be two. Raises BackupFault."""
    named = {
        DATA: data or settings.BACKUP_DATA_DIR,
        KEYSTORE: keystore or settings.BACKUP_KEYSTORE_DIR,
    }
    for kind, path in named.items():
        if not path:
            raise BackupFault(
                f"There is no place for backups of the {kind}: set BACKUP_{kind.upper()}_DIR, or "
                f"say --{kind} DIRECTORY."
            )
    found = {kind: Path(path) for kind, path in named.items() if path}
    if overlap(found[DATA], found[KEYSTORE]):
        raise BackupFault("Data and keystore must go to two places: whoever finds one has neither.")
    return found


def make_backup(where: Places, *, step: Step = lambda _done: None) -> list[Manifest]:
    """Make one set of each kind. Raises BackupFault, and then leaves none of that kind."""
    name = f"{datetime.now(UTC):{STAMP}}-{token_hex(3)}"
    for kind in where:  # what is missing is said before an hour of work, not after it
        sealing_key(kind)
        source(kind)
    with contextlib.ExitStack() as held:
        for kind in where:
            held.enter_context(_alone(where[kind]))
        return [_make(kind, name, where[kind], step) for kind in (DATA, KEYSTORE)]


def _make(kind: str, name: str, place: Path, step: Step) -> Manifest:
    draft, whole = place / f"{DRAFT}{name}", place / f"{kind}-{name}"
    draft.mkdir(mode=0o700)
    try:
        said = _fill(draft, kind, name, step)
        said.write(draft)
        read(draft, kind)
        for path in (*draft.iterdir(), draft):
            _sync(path)
        draft.rename(whole)
        _sync(place)
    except OSError as fault:
        raise BackupFault(
            f"The backup of the {kind} could not be written to {place} ({fault.strerror})."
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return said


def _fill(draft: Path, kind: str, name: str, step: Step) -> Manifest:
    server, at = source(kind), datetime.now(UTC)
    parts: dict[str, dict[str, Any]] = {}
    with snapshot(server) as moment, _sealed(draft, DATABASE, kind, name, parts) as out:
        _dump(server, moment, out, step)
    count = 0
    if kind == DATA:
        with _sealed(draft, FILES, kind, name, parts) as out:
            count = _pack(out, step)
    return Manifest(
        kind=kind,
        name=name,
        at=at.isoformat(),
        version=version(),
        server=moment.server,
        migrations=moment.migrations,
        counts=moment.counts,
        sealed_files=count,
        checkpoint=moment.checkpoint,
        checkpoint_size=moment.checkpoint_size,
        parts=parts,
    )


@contextlib.contextmanager
def _sealed(
    draft: Path, file: str, kind: str, name: str, parts: dict[str, dict[str, Any]]
) -> Iterator[Sealing]:
    path = draft / file
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        sealing = Sealing(new, sealing_key(kind), kind, name, file)
        yield sealing
        sealing.close()
    parts[file] = {"bytes": sealing.size, "sha256": sealing.digest.hexdigest()}


def _dump(server: Server, moment: Snapshot, out: Sealing, step: Step) -> None:
    """From the program straight through the sealing: nothing plain reaches the disk.

    Large objects are left out (-B): none is ours, anybody who can connect can make one, and whoever
    reads everything else may not read it, so that one would stop every backup.
    """
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "-B"]
    with subprocess.Popen(  # noqa: S603 - our own words
        [*command, f"--snapshot={moment.name}"],
        env=server.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as dump:
        said = Said(dump)
        done = 0
        assert dump.stdout
        while piece := dump.stdout.read(PIECE):
            out.write(piece)
            done += len(piece)
            step(done)
        said.hear_out()
    if dump.returncode:
        raise BackupFault(f"The database {server.name} could not be copied: {said.text()}")


class Said:
    """What a program complains of, read beside it so that it never waits; only its own words.

    What follows the first line of an error may quote a row, so that is never passed on.
    """

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.lines: list[str] = []
        self.process, self.stream = process, process.stderr
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        with contextlib.suppress(ValueError):  # closed under us: there is nothing more
            for line in self.stream or ():
                text = line.decode("utf-8", "replace").strip()
                if "error:" in text and len(self.lines) < 3:  # noqa: PLR2004 - the rest follows
                    self.lines.append(text.partition("error:")[2].strip())

    def hear_out(self) -> None:
        """Wait for its last word, before whoever started it closes what it speaks through."""
        self.reader.join()

    def text(self) -> str:
        """The errors in one line, once it has ended."""
        how = how_it_ended(self.process.returncode)
        return " ".join(self.lines) or f"the program ended without a word ({how})."


def _pack(out: Any, step: Step) -> int:
    """The sealed files as they are; one that is taken away meanwhile is not missed."""
    folder, count = Path(settings.BACKUP_FILES_DIR or settings.FILES_DIR), 0
    with tarfile.open(fileobj=out, mode="w|") as packed:
        for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
            if path.name.startswith(".") or not path.is_file():
                continue
            with contextlib.suppress(FileNotFoundError), path.open("rb") as held:
                entry = packed.gettarinfo(arcname=f"{path.parent.name}/{path.name}", fileobj=held)
                packed.addfile(entry, held)
                count += 1
                step(out.size)
    return count


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One backup at a time in this place; what a killed one has left is cleared away."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (place / ".lock").open("w")
    except OSError as fault:
        raise BackupFault(f"{place} cannot be written to ({fault.strerror}).") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFault(
                f"Another backup is being made in {place}. Wait until it is done."
            ) from None
        for left in place.glob(f"{DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def version() -> str:
    """The edition of the portal that this is."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as project:
        return str(tomllib.load(project)["project"]["version"])


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
