"""Makes a set of each kind: sealed on the way, whole or not there at all.

First the data, then the files, then the keystore: a case's key is committed before anything is
sealed with it and a file is in its place before its row, so what a row needs is always in the
copies made after it.
"""

import contextlib
import subprocess
import tarfile
import threading
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, Final

from django.conf import settings

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, sealing_key
from backups.manifest import Manifest, read
from backups.models import Backup
from backups.places import Folder, Place, Places, alone, begun, created
from backups.pruning import STAMP
from backups.sealing import Sealing
from backups.servers import Server, program, source
from backups.snapshots import Snapshot, snapshot
from encryption.stores import store_to_copy
from workflow.exit_status import how_it_ended

DATABASE: Final = "database.sealed"
FILES: Final = "files.sealed"
PIECE: Final = 1024 * 1024
Step = Callable[[int], None]


def make_backup(where: Places, *, step: Step = lambda _done: None) -> list[Manifest]:
    """Make one set of each kind. Raises BackupFault, and then leaves none of that kind."""
    name = f"{datetime.now(UTC):{STAMP}}-{token_hex(3)}"
    for kind in where:  # what is missing is said before an hour of work, not after it
        sealing_key(kind)
        source(kind)
    with contextlib.ExitStack() as held:
        for kind in where:
            held.enter_context(alone(where[kind], kind))
        return [_make(kind, name, where[kind], step) for kind in (DATA, KEYSTORE)]


def _make(kind: str, name: str, place: Place, step: Step) -> Manifest:
    try:
        with begun(place, f"{kind}-{name}") as folder:
            said = _fill(folder, kind, name, step)
            said.write(folder)
            read(folder, kind)
    except OSError as fault:
        raise BackupFault(
            f"The backup of the {kind} could not be written to {place} ({fault.strerror})."
        ) from None
    return said


def _fill(draft: Folder, kind: str, name: str, step: Step) -> Manifest:
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
    draft: Folder, file: str, kind: str, name: str, parts: dict[str, dict[str, Any]]
) -> Iterator[Sealing]:
    with created(draft / file) as new:
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
    store, count = store_to_copy(), 0
    with tarfile.open(fileobj=out, mode="w|") as packed:
        for name in store.names():
            with contextlib.suppress(FileNotFoundError), store.open(name) as held:
                entry = tarfile.TarInfo(name)
                entry.size = store.size(held)
                packed.addfile(entry, held)
                count += 1
                step(out.size)
    return count


def version() -> str:
    """The edition of the portal that this is."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as project:
        return str(tomllib.load(project)["project"]["version"])


def note_backup(said: Manifest) -> Backup:
    """One set was made."""
    return Backup.objects.create(kind=said.kind, name=said.name, at=said.when, size=said.size)
