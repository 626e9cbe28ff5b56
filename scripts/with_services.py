"""Run a command with a throw-away PostgreSQL and Redis on free loopback ports.

    python scripts/with_services.py -- python -m pytest tests/...

Both live in one temporary folder, are stopped when the command ends, and are gone after it. The
command finds them by DATABASE_URL, KEYSTORE_DATABASE_URL, REDIS_URL and CELERY_BROKER_URL, the
folder by PORTAL_SERVICES, a place for its own files by PORTAL_VAR, and its TMPDIR in there too,
so that a test can read every byte that was written anywhere.

With SERVICES_LANES=2 there are two of everything, for a command that divides its work: it finds
each set in PORTAL_LANES, a JSON list of environments, and the first also by the names above.
"""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TRIES = 5
SECONDS = 20


def main() -> int:
    """Start, run, stop; the command's exit code is ours."""
    if "--" not in sys.argv or sys.argv[-1] == "--":
        sys.exit(__doc__)
    command = sys.argv[sys.argv.index("--") + 1 :]
    with contextlib.ExitStack() as stack:
        number = int(os.environ.get("SERVICES_LANES") or 1)
        lanes = [stack.enter_context(lane()) for _ in range(number)]
        return run(command, {**os.environ, **lanes[0], "PORTAL_LANES": json.dumps(lanes)})


@contextlib.contextmanager
def lane() -> Iterator[dict[str, str]]:
    """One set of services in a folder of its own; the environment by which they are found."""
    # A short path: PostgreSQL's socket must fit into 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with postgres(folder) as pg_port, redis(folder) as redis_port:
            yield environment(folder, pg_port, redis_port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


def run(command: list[str], env: dict[str, str]) -> int:
    """Run the command, and pass on to it what we are asked to stop by."""
    child = subprocess.Popen(command, env=env)  # noqa: S603 - the developer's own command
    for wanted in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, lambda number, _frame: child.send_signal(number))
    while True:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            continue  # the terminal told the command too
        return code if code >= 0 else 128 - code


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[int]:
    """A PostgreSQL with the databases ``portal`` and ``keystore``, which waits for no disk."""
    programs = postgres_programs()
    data = folder / "pg"
    data.mkdir(mode=0o700)
    owner = unprivileged()
    if owner:
        os.chown(data, owner["user"], owner["group"])
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(data), "TZ": "UTC"}
    common: dict[str, Any] = {"env": env, "cwd": "/", **owner}
    flags = ["-U", "portal", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    made = subprocess.run(  # noqa: S603
        [str(programs / "initdb"), "-D", str(data / "data"), *flags],
        capture_output=True,
        text=True,
        check=False,
        **common,
    )
    if made.returncode:
        sys.exit(f"initdb failed:\n{made.stderr}")

    def start(port: int) -> list[Any]:
        # Tests wait for no disk; what is measured does, as in production.
        waits = "on" if os.environ.get("SERVICES_WAIT_FOR_DISK") else "off"
        options = {
            "listen_addresses": "127.0.0.1",
            "fsync": waits,
            "synchronous_commit": waits,
            "full_page_writes": waits,
            "max_connections": "60",
            "shared_buffers": "64MB",
        }
        flags = [word for pair in options.items() for word in ("-c", "=".join(pair))]
        return [programs / "postgres", "-D", data / "data", "-p", str(port), "-k", data, *flags]

    def answers(port: int) -> bool:
        asked = subprocess.run(  # noqa: S603
            [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)],
            env=env,
            check=False,
        )
        return asked.returncode == 0

    log = folder / "postgres.log"
    with service("PostgreSQL", start, answers, log=log, stop=signal.SIGINT, common=common) as port:
        for name in ("portal", "keystore"):
            subprocess.run(  # noqa: S603
                [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "portal", name],
                env=env,
                check=True,
            )
        yield port


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[int]:
    """A Redis with an append-only file, as in production."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        sys.exit("redis-server is missing: apt-get install --no-install-recommends redis-server")
    data = folder / "redis"
    data.mkdir(mode=0o700)

    def start(port: int) -> list[Any]:
        flags = ["--save", "", "--appendonly", "yes", "--appendfsync", "no"]
        return [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", data, *flags]

    def answers(port: int) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), 0.5) as wire,
        ):
            wire.sendall(b"PING\r\n")
            return wire.recv(16).startswith(b"+PONG")
        return False

    log = folder / "redis.log"
    with service(
        "Redis", start, answers, log=log, stop=signal.SIGTERM, common={"cwd": "/"}
    ) as port:
        yield port


@contextlib.contextmanager
def service(
    name: str,
    start: Callable[[int], list[Any]],
    answers: Callable[[int], bool],
    *,
    log: Path,
    stop: signal.Signals,
    common: dict[str, Any],
) -> Iterator[int]:
    """Start a server on a free port, or on another if somebody took it meanwhile; stop it after."""
    for _ in range(TRIES):
        port = free_port()
        with log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603
                start(port),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C is for the command; we stop the servers after it
                **common,
            )
        deadline = time.monotonic() + SECONDS
        while process.poll() is None and time.monotonic() < deadline and not answers(port):
            time.sleep(0.03)
        if process.poll() is None:
            break
    else:
        sys.exit(f"{name} did not start:\n{log.read_text(errors='replace')}")
    try:
        yield port
    finally:
        process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_programs() -> Path:
    """The folder with ``initdb`` and ``postgres``, which Debian keeps off the PATH."""
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return max(found, key=lambda path: float(path.parts[4])).parent
    initdb = shutil.which("initdb")
    if not initdb:
        sys.exit("PostgreSQL is missing: apt-get install --no-install-recommends postgresql")
    return Path(initdb).resolve().parent


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: whom to run it as, if we are."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    sys.exit("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


if __name__ == "__main__":
    sys.exit(main())
