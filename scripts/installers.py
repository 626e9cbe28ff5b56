"""Bring packages of a lock into an empty environment: uv first, pip where it fails."""

import importlib.metadata
import os
import re
import subprocess
import sys
import sysconfig
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts import pip_settings

FULL = "No space left on device"


class NoPip(Exception):
    """This Python has no pip, and no wheel of it."""


class NotInstalled(Exception):
    """What could not be installed, with what to do."""


def install(name: str, lock: Path, lock_of_uv: Path, empty: Callable[[], Path]) -> None:
    """The packages of a lock, each checked by its hash, into what ``empty`` makes."""
    pip = a_pip()
    python = empty()
    count = len(re.findall(r"^[A-Za-z0-9].*==", lock.read_text(), re.MULTILINE))
    with TemporaryDirectory(prefix="uv-", dir=python.parents[1]) as folder:
        why = by_uv(pip, python, Path(folder), lock, lock_of_uv)
    if why is None:
        return
    if FULL in why:
        raise NotInstalled(disk_is_full())
    print(f"Not by uv ({why}); pip does it, which takes longer.", flush=True)
    last = by_pip(pip, empty(), lock, count)
    if last:
        raise NotInstalled(in_words(name, last))


def a_pip() -> Callable[[Path | None], list[str]]:
    """How pip is called, for the Python of an environment or for none."""
    with suppress(importlib.metadata.PackageNotFoundError):
        version = importlib.metadata.version("pip").split(".")
        if (int(version[0]), int(version[1])) >= (22, 3):
            own = [sys.executable, "-m", "pip"]
            return lambda python: [*own, "--python", str(python)] if python else own
    wheel = next(wheels_of_pip(), None)
    if wheel is None:
        raise NoPip
    return lambda python: [str(python or sys.executable), str(wheel / "pip")]


def wheels_of_pip() -> Iterator[Path]:
    """The wheels of pip that Python or Debian keeps for new environments."""
    kept = [sysconfig.get_config_var("WHEEL_PKG_DIR")]
    with suppress(ImportError):
        import ensurepip

        kept.append(str(Path(ensurepip.__file__).parent / "_bundled"))
    for folder in filter(None, kept):
        yield from sorted(Path(folder).glob("pip-*.whl"), reverse=True)


def by_uv(
    pip: Callable[[Path | None], list[str]],
    python: Path,
    folder: Path,
    lock: Path,
    lock_of_uv: Path,
) -> str | None:
    """Fetch uv and have it install; in a few words why not, where it did not."""
    env = for_pip()
    quietly = ["--quiet", "--no-deps", "--no-compile", "--require-hashes", "--retries", "2"]
    fetch = [*pip(None), "install", *quietly, "--target", str(folder)]
    with ThreadPoolExecutor() as beside:
        asked = beside.submit(pip_settings.settings_of_pip, pip(None), env)
        fetched = run([*fetch, "--requirement", str(lock_of_uv)], env)
        settings = asked.result()
    if fetched:
        return f"it could not be fetched: {reason(fetched)}"
    env = {**os.environ, **pip_settings.for_uv(settings, os.environ), **places(python)}
    # It would name another environment than the one that is meant.
    env = {name: value for name, value in env.items() if name not in {"UV_SYSTEM_PYTHON"}}
    command = [folder / "bin" / "uv", "pip", "install", "--python", python, "--no-deps"]
    flags = ["--require-hashes", *pip_settings.flags_for_uv(settings), "--requirement", lock]
    last = run([*map(str, command), *map(str, flags)], env, show=sys.stderr.isatty())
    return None if last is None else reason(last)


def places(python: Path) -> dict[str, str]:
    """Where uv keeps what it fetched: linked from there where that can be, else copied."""
    named = {"UV_CACHE_DIR": "", "XDG_CACHE_HOME": "uv", "HOME": ".cache/uv"}
    kept = next(
        Path(os.environ[name]) / rest for name, rest in named.items() if os.environ.get(name)
    )
    there = kept
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK):
        return {"UV_NO_CACHE": "1"}
    if os.environ.get("UV_LINK_MODE") or there.stat().st_dev == python.parent.stat().st_dev:
        return {}
    return {"UV_LINK_MODE": "copy"}


def by_pip(
    pip: Callable[[Path | None], list[str]], python: Path, lock: Path, count: int
) -> list[str] | None:
    """Install with pip, saying how far it is; what it said last, where it failed."""
    flags = ["--no-deps", "--no-compile", "--require-hashes", "--progress-bar", "off"]
    command = [*pip(python), "install", *flags, "--requirement", str(lock)]
    seen = 0

    def follow(line: str) -> None:
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            if sys.stdout.isatty():
                print(f"\r  {seen} of {count} packages", end="", flush=True)
            elif seen % 20 == 0 or seen == count:
                print(f"  {seen} of {count} packages", flush=True)
        elif line.startswith("Installing collected packages") and sys.stdout.isatty():
            print(f"\r  {seen} of {count} packages are here; unpacking", flush=True)

    return run(command, for_pip(), follow=follow)


def for_pip() -> dict[str, str]:
    """pip's own settings hold; but for those that would have it install elsewhere, or ask."""
    ours = {
        "PIP_USER": "0",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
    elsewhere = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON"}
    return {k: v for k, v in os.environ.items() if k not in elsewhere} | ours


def run(
    command: list[str],
    env: Mapping[str, str],
    *,
    show: bool = False,
    follow: Callable[[str], None] | None = None,
) -> list[str] | None:
    """Run a program; what it said last, where it failed. With ``show`` it draws for itself."""
    last: deque[str] = deque(maxlen=30)
    out = None if show else subprocess.PIPE
    try:
        with subprocess.Popen(  # noqa: S603
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=None if show else subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                last.append(line.rstrip())
                if follow:
                    follow(line)
    except OSError as error:
        return [str(error)]
    if process.returncode == 0:
        return None
    ended = f"exit code {process.returncode}"
    if process.returncode < 0:
        ended = f"signal {-process.returncode}"
    return [*filter(None, last), ended]


def reason(last: list[str]) -> str:
    """The line that says most, of what a program said before it failed."""
    if any(FULL in line for line in last):
        return FULL
    told = [line.strip() for line in last if re.match(r"\s*(error|ERROR|×|├|╰|Caused by)", line)]
    return (told or last)[-1][:200]


def disk_is_full() -> str:
    """What to do where nothing more can be written."""
    return "The disk is full: free some space (a gigabyte does), then start again."


def in_words(name: str, last: list[str]) -> str:
    """What pip said, and what to do about it."""
    said = "\n".join(last)
    if FULL in said:
        return disk_is_full()
    advice = f"The packages of requirements/{name}.txt could not be installed (see above)."
    if re.search(r"Connection|Could not find a version|Max retries|timed out|resolution", said):
        advice = (
            "The packages could not be fetched: is the package registry in reach? "
            "pip's settings say where it is (pip config list). Then start again."
        )
    elif "HASHES" in said or "hashes" in said:
        advice = (
            "A package is not the one that the lock names: it is not installed. If the registry "
            "is to be trusted, fetch the newest state of this project, and start again."
        )
    return f"{said}\n{advice}"
