"""Make ``.venv`` with the packages of one lock: by uv where it can be had, else by pip.

    python3 -m scripts.packages run|test

It is made beside the one that is there and put in its place when it is whole, so that whatever
interrupts this leaves the old one as it was. ``.venv/.ready`` is written last; ``bootstrap.sh``
reads it, and comes here only where it does not say what it should.
"""

import errno
import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.installers import NoPip, NotInstalled, disk_is_full, install

ROOT = Path(__file__).resolve().parents[1]
VENV, NEW, OLD = (ROOT / name for name in (".venv", ".venv.new", ".venv.old"))
PLAIN = 100  # letters of a name that may stand in the first line of a program
NO_PIP = 4  # the exit code by which bootstrap.sh knows that Python came without it


def main() -> int:
    """Make it, unless somebody did while we waited; in words where it cannot be made."""
    name = sys.argv[1]
    try:
        with alone():
            if not (settled() and has(VENV, name)):
                began = time.monotonic()
                make(name)
                took = time.monotonic() - began
                print(f"The packages are there, after {took:.0f} seconds.", flush=True)
                note("packages", took)
    except NoPip:
        return NO_PIP
    except NotInstalled as error:
        print(f"{error}\nNothing was changed in .venv.", file=sys.stderr)
    except OSError as error:
        print(in_words(error), file=sys.stderr)
    except KeyboardInterrupt:
        print("\nInterrupted; the next start begins again.", file=sys.stderr)
        return 130
    else:
        return 0
    with suppress(OSError):
        remove(NEW)
    return 1


@contextmanager
def alone() -> Iterator[None]:
    """One at a time in this checkout; whoever comes second says that it waits."""
    # The folder itself is what is locked: that leaves nothing behind, and a dead owner frees it.
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another start is setting up this folder; waiting for it.", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks: as before there were any
        yield
    finally:
        os.close(folder)


def settled() -> bool:
    """Whether there is a whole ``.venv``, once what was left half done is put right."""
    if not VENV.exists() and has_stamp(NEW):
        NEW.rename(VENV)  # stopped between the two names
    for left in (NEW, OLD):
        remove(left)
    if not has_stamp(VENV) or VENV.is_symlink():
        return False
    was, _, tag = (VENV / ".ready").read_text().rstrip("\n").rpartition(" ")
    if tag != tag_of(VENV):
        return False
    if was != str(VENV):
        if len(str(VENV)) > PLAIN or " " in str(VENV):
            return False  # programs that begin with such a name are made, not mended
        print("This folder was moved: putting the new place into .venv.", flush=True)
        move(VENV, Path(was), VENV)
        stamp(VENV)
    return True


def has_stamp(folder: Path) -> bool:
    """Whether it was finished, and its Python is still there."""
    return (folder / ".ready").is_file() and (folder / "bin" / "python").exists()


def has(folder: Path, name: str) -> bool:
    """Whether the packages of this lock as it is now are in there."""
    kept = folder / f".lock-{name}"
    return kept.is_file() and kept.read_bytes() == lock(name).read_bytes()


def lock(name: str) -> Path:
    """The file of a lock."""
    return ROOT / "requirements" / f"{name}.txt"


def make(name: str) -> None:
    """A new ``.venv`` beside the old, then in its place."""
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Making .venv with Python {version}, and the packages of {name}.txt", flush=True)
    wanted = lock(name).read_bytes()

    def empty() -> Path:
        remove(NEW)
        # Without pip, which takes longer to put in than all the packages.
        venv.create(NEW, symlinks=True, with_pip=False, prompt=VENV.name)
        return NEW / "bin" / "python"

    install(name, lock(name), lock("uv"), empty)
    move(NEW, NEW, VENV)
    (NEW / f".lock-{name}").write_bytes(wanted)
    stamp(NEW)
    if VENV.exists() or VENV.is_symlink():
        VENV.rename(OLD)
    NEW.rename(VENV)
    remove(OLD)


def stamp(folder: Path) -> None:
    """Say, at once and last, that it is whole, for which place and which Python."""
    draft = folder / ".ready.new"
    with draft.open("w") as out:
        out.write(f"{VENV} {tag_of(folder)}\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / ".ready")


def tag_of(folder: Path) -> str:
    """Which Python this is, as far as packages are made for one; nothing where it does not run."""
    asked = [str(folder / "bin" / "python"), "-ISc"]
    try:
        done = subprocess.run(  # noqa: S603
            [*asked, "import sys; print(sys.implementation.cache_tag)"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip()


def move(folder: Path, was: Path, now: Path) -> None:
    """Have the programs in ``bin`` name the place that they are called from."""
    named = re.compile(re.escape(str(was).encode()) + rb"(?![\w.-])")
    for path in (folder / "bin").iterdir():
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content or not named.search(content):
            continue
        changed = named.sub(lambda _: str(now).encode(), content)
        # Never in place: the file may be one with uv's own copy of it.
        draft = path.with_name(path.name + ".moved")
        draft.write_bytes(changed)
        shutil.copymode(path, draft)
        draft.replace(path)


def remove(folder: Path) -> None:
    """Take a folder away; of a link, the link."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def note(part: str, seconds: float) -> None:
    """Write down what a part took, where somebody asks for it."""
    if os.environ.get("PORTAL_TIMINGS"):
        with Path(os.environ["PORTAL_TIMINGS"]).open("a") as out:
            out.write(f"{part}\t{seconds:.2f}\n")


def in_words(error: OSError) -> str:
    """What to do about a fault of the disk."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_is_full()
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return f"{ROOT} cannot be written to: copy it to a folder of your own, and start there."
    return f"Setting up failed: {error}."


if __name__ == "__main__":
    sys.exit(main())
