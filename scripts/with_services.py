"""Run a command with a throw-away PostgreSQL and Redis on free loopback ports.

    python scripts/with_services.py -- python -m pytest tests/...

Both live in one temporary folder, are stopped when the command ends, and are gone after it. The
command finds them by DATABASE_URL, KEYSTORE_DATABASE_URL, REDIS_URL and CELERY_BROKER_URL, the
folder by PORTAL_SERVICES, a place for its own files by PORTAL_VAR, and its TMPDIR in there too,
so that a test can read every byte that was written anywhere.

With SERVICES_LANES=2 there are two of everything, for a command that divides its work: it finds
each set in PORTAL_LANES, a JSON list of environments, and the first also by the names above.

Whatever kills this program, what it started ends too, and its folder goes (scripts/strays.py). With
``--with-parent`` in front of ``--`` it ends when whoever started it is gone.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.servers import NotStarted, postgres, postgres_programs, redis  # noqa: E402
from scripts.strays import clear_dead, own_folder  # noqa: E402

__all__ = ["postgres_programs"]
GRACE = 15  # seconds for the command to end once its parent is gone


def main() -> int:
    """Clear up after others, start, run, stop; the command's exit code is ours."""
    if "--" not in sys.argv or sys.argv[-1] == "--":
        sys.exit(__doc__)
    divider = sys.argv.index("--")
    command = sys.argv[divider + 1 :]
    parent = os.getppid() if "--with-parent" in sys.argv[:divider] else None
    for folder in clear_dead():
        print(f"Cleared up after a run that was killed: {folder}", flush=True)
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        number = int(os.environ.get("SERVICES_LANES") or 1)
        folder = stack.enter_context(own_folder())
        _watcher = watch(folder)
        try:
            lanes = together(stack, [folder / str(lane) for lane in range(number)])
        except NotStarted as error:
            print(error, file=sys.stderr)
            return 1
        env = {**os.environ, **lanes[0], "PORTAL_LANES": json.dumps(lanes)}
        for name, file in (("PORTAL_TIMINGS", "timings"), ("PORTAL_PROGRESS", "progress")):
            env.setdefault(name, str(folder / file))
        now = time.monotonic()
        note(env["PORTAL_TIMINGS"], "set-up", set_up_seconds())
        note(env["PORTAL_TIMINGS"], "services", now - began)
        return run(command, env, parent)


def watch(folder: Path) -> "subprocess.Popen[bytes]":
    """Start somebody who clears up when we end, if we did not."""
    clearing = [sys.executable, "-I", "-S", str(ROOT / "scripts" / "strays.py"), str(folder)]
    watcher = subprocess.Popen(  # noqa: S603
        clearing,
        stdin=subprocess.PIPE,  # which closes when we are no more, and not before
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with (folder / "owner").open("a") as owner:
        owner.write(f"{watcher.pid}\n")
    return watcher


def together(stack: contextlib.ExitStack, folders: list[Path]) -> list[dict[str, str]]:
    """All lanes, started at once."""
    with ThreadPoolExecutor(len(folders)) as pool:
        coming = [pool.submit(_entered, folder) for folder in folders]
    lanes = []
    for future in coming:
        if future.exception() is None:
            opened, env = future.result()
            stack.push(opened.__exit__)
            lanes.append(env)
    for future in coming:
        future.result()  # says why, where one did not start
    return lanes


def _entered(
    folder: Path,
) -> tuple[contextlib.AbstractContextManager[dict[str, str]], dict[str, str]]:
    opened = lane(folder)
    return opened, opened.__enter__()


@contextlib.contextmanager
def lane(folder: Path) -> Iterator[dict[str, str]]:
    """One set of services in a folder of its own; the environment by which they are found."""
    folder.mkdir(mode=0o755)
    with postgres(folder) as pg_port, redis(folder) as redis_port:
        yield environment(folder, pg_port, redis_port)


def environment(folder: Path, pg_port: int, redis_port: int) -> dict[str, str]:
    """What a command needs to find the services of one lane."""
    for name in ("var", "tmp"):
        (folder / name).mkdir(mode=0o700)
    return {
        "DATABASE_URL": f"postgres://portal@127.0.0.1:{pg_port}/portal",
        "KEYSTORE_DATABASE_URL": f"postgres://portal@127.0.0.1:{pg_port}/keystore",
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/1",
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{redis_port}/0",
        "PORTAL_SERVICES": str(folder),
        "PORTAL_VAR": str(folder / "var"),
        "TMPDIR": str(folder / "tmp"),
    }


def run(command: list[str], env: dict[str, str], parent: int | None) -> int:
    """Run the command, and pass on to it what we are asked to stop by."""
    child = subprocess.Popen(command, env=env)  # noqa: S603 - the developer's own command
    for wanted in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, lambda number, _frame: child.send_signal(number))
    while True:
        try:
            code = child.wait(None if parent is None else 1)
        except KeyboardInterrupt:
            continue  # the terminal told the command too
        except subprocess.TimeoutExpired:
            if os.getppid() != parent:
                return _stopped(child)
            continue
        return code if code >= 0 else 128 - code


def _stopped(child: "subprocess.Popen[bytes]") -> int:
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(GRACE)
    child.kill()
    child.wait()
    return 128 + signal.SIGTERM


def set_up_seconds() -> float:
    """How long it took to set this folder up, where whoever called us noted when that began."""
    began = os.environ.get("SET_UP_BEGAN")
    return max(0.0, time.time() - float(began)) if began else 0.0


def note(timings: str, part: str, seconds: float) -> None:
    """Write down what a part took."""
    with contextlib.suppress(OSError), Path(timings).open("a") as out:
        out.write(f"{part}\t{seconds:.2f}\n")


if __name__ == "__main__":
    sys.exit(main())
