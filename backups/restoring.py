"""Puts a set of each kind into empty databases; nothing is written before all of it was proved."""

import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS, opening_key
from backups.making import DATABASE, FILES, Said
from backups.manifest import Manifest, hold_parts, read
from backups.places import Folder
from backups.restore_mark import MARK, set_mark, set_whole
from backups.restore_role import without_power
from backups.sealed_files import TAKE_ANOTHER, Again
from backups.sealing import Reading, opened
from backups.servers import Server, program, target
from backups.snapshots import counts, tables_of
from encryption.errors import StoreFault
from encryption.stores import AT_NIGHT, file_store
from encryption.stores.client import StoreGone
from encryption.stores.interface import NAME

Step = Callable[[int], None]
PARTS: Final = {DATA: {DATABASE, FILES}, KEYSTORE: {DATABASE}}
PIECE: Final = 1024 * 1024
AGAIN: Final = (
    "Nothing starts on what is there. Drop and create both databases, empty the place of the "
    "files, and run the restore again."
)


@dataclass(frozen=True)
class Sets:
    """A set of each kind, whose manifests hold and fit together."""

    folders: dict[str, Folder]
    said: dict[str, Manifest]
    pieces: dict[str, dict[str, list[bytes]]]

    def opened(self, kind: str, part: str) -> Iterator[bytes]:
        """What is in one of its parts, chunk by chunk, each as it was when the set was held."""
        sealed: Any = Again(self.folders[kind] / part, self.pieces[kind][part])
        with sealed:
            yield from opened(sealed, opening_key(kind), kind, self.said[kind].name, part)


def prove_sets(data: Folder, keystore: Folder, *, step: Step = lambda _done: None) -> Sets:
    """Read both sets through to the end, writing nothing. Raises BackupFault."""
    folders: dict[str, Folder] = {DATA: data, KEYSTORE: keystore}
    found = Sets(folders, {kind: read(folders[kind], kind) for kind in KINDS}, {})
    if found.said[KEYSTORE].when < found.said[DATA].when:
        raise BackupFault(
            "The keystore's set is older than that of the data, so the keys of the newest cases "
            "are not in it. Take one of the same name or a newer one."
        )
    counted = _Counted(step)
    for kind, said in found.said.items():
        if set(said.parts) != PARTS[kind]:
            raise BackupFault(f"{folders[kind]} has not the parts that it should. {TAKE_ANOTHER}")
        found.pieces[kind] = hold_parts(folders[kind], said)
        for part in said.parts:
            for _chunk in counted.through(found.opened(kind, part)):
                pass
    return found


class _Counted:
    """Says after each chunk how many bytes there were, over all the streams it was given."""

    def __init__(self, step: Step) -> None:
        self.step, self.done = step, 0

    def through(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.done += len(chunk)
            self.step(self.done)
            yield chunk


def size_of(data: Folder, keystore: Folder) -> int:
    """How many bytes both sets have, by their manifests. Raises BackupFault."""
    return read(data, DATA).size + read(keystore, KEYSTORE).size


def hold_empty() -> None:
    """Both databases are empty, but for the mark of a restore before, and so is FILES_DIR."""
    for kind in KINDS:
        server = target(kind)
        with server.asked() as link, link.cursor() as cursor:
            if set(tables_of(cursor)) - {MARK}:
                raise BackupFault(
                    f"The database {server.name} is not empty; nothing was changed. A restore goes "
                    "into empty databases: make two new ones and set DATABASE_URL and "
                    "KEYSTORE_DATABASE_URL to them."
                )
    store = file_store()
    try:
        store.check()
        is_empty = store.is_empty()
    except (StoreFault, StoreGone) as fault:
        raise BackupFault(f"{fault} Nothing was changed.") from None
    if not is_empty:
        raise BackupFault(
            f"There are files in {store}; nothing was changed. Set FILES_DIR to an empty "
            "directory (or FILES_BUCKET to an empty folder of a bucket), or move them away."
        )


def restore(sets: Sets, *, step: Step = lambda _done: None) -> None:
    """Mark both databases, then fill them; each is filled in one transaction."""
    for kind in KINDS:
        with target(kind).asked() as link, link, link.cursor() as cursor:
            set_mark(cursor, sets.said[kind].name)
    counted = _Counted(step)
    for kind in (KEYSTORE, DATA):
        server = target(kind)
        with without_power(server) as powerless:
            _fill(powerless, sets, kind, counted)
        _hold_counts(server, sets.said[kind])
    _unpack(sets, counted)
    for kind in KINDS:
        with target(kind).asked() as link, link, link.cursor() as cursor:
            set_whole(cursor)


def _fill(server: Server, sets: Sets, kind: str, counted: _Counted) -> None:
    command = [program("pg_restore"), "--single-transaction", "--exit-on-error"]
    with subprocess.Popen(  # noqa: S603 - our own words
        [*command, "--no-owner", "--no-privileges", f"--dbname={server.name}"],
        env=server.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        said = Said(process)
        assert process.stdin
        try:
            for chunk in counted.through(sets.opened(kind, DATABASE)):
                process.stdin.write(chunk)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended, and says why
        except BaseException:
            process.kill()
            raise
        said.hear_out()
    if process.returncode:
        raise BackupFault(f"{server.name} could not be restored: {said.text()} {AGAIN}")


def _hold_counts(server: Server, said: Manifest) -> None:
    with server.asked() as link, link.cursor() as cursor:
        there = counts(cursor, [name for name in tables_of(cursor) if name != MARK])
    if there != said.counts:
        differ = [
            name
            for name in sorted({*there, *said.counts})
            if there.get(name) != said.counts.get(name)
        ]
        raise BackupFault(
            f"{server.name} has other numbers of rows than its backup: {', '.join(differ)}. "
            + AGAIN
        )


def _unpack(sets: Sets, counted: _Counted) -> None:
    """The sealed files into their store: plain files of our own names, and nothing else."""
    store, count = file_store(AT_NIGHT), 0
    stream: Any = Reading(counted.through(sets.opened(DATA, FILES)))
    try:
        with tarfile.open(fileobj=stream, mode="r|") as packed:
            for entry in packed:
                held = packed.extractfile(entry) if entry.isreg() else None
                if held is None or not NAME.fullmatch(entry.name):
                    raise BackupFault(f"The files hold something that is not ours. {AGAIN}")
                if not store.put(
                    entry.name, iter(partial(held.read, PIECE), b""), is_lasting=False
                ):
                    raise BackupFault(f"{entry.name} is in {store} already. {AGAIN}")
                count += 1
        # They are there after a power cut too, before anything says that they are.
        store.settle()
    except (OSError, tarfile.TarError) as fault:
        raise BackupFault(
            f"The files could not be written to {store} ({type(fault).__name__}). {AGAIN}"
        ) from None
    if count != sets.said[DATA].sealed_files:
        raise BackupFault(f"Of {sets.said[DATA].sealed_files} files there are {count}. {AGAIN}")
