"""Start a throw-away PostgreSQL and Redis on free loopback ports, and stop them."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TRIES = 5
# Whoever waits ends when the server answers or ends; this is for one that does neither.
PATIENCE = 300


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
        raise NotStarted(f"initdb {ending(made.returncode)}:\n{made.stdout}{made.stderr}")

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
        raise NotStarted(
            "redis-server is missing: apt-get install --no-install-recommends redis-server"
        )
    data = folder / "redis"
    data.mkdir(mode=0o700)

    def start(port: int) -> list[Any]:
        flags = ["--save", "", "--appendonly", "yes", "--appendfsync", "no"]
        return [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", data, *flags]

    def answers(port: int) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), 5) as wire,
        ):
            wire.sendall(b"PING\r\n")
            return wire.recv(16).startswith(b"+PONG")
        return False

    log = folder / "redis.log"
    with service(
        "Redis", start, answers, log=log, stop=signal.SIGTERM, common={"cwd": "/"}
    ) as port:
        yield port


class NotStarted(Exception):
    """A service that is not there, with what it said last."""


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
        try:
            up = _comes_up(process, lambda port=port: answers(port))  # type: ignore[misc]
        except BaseException:
            process.kill()
            process.wait()
            raise
        if up:
            break
    else:
        said = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
        ended = ending(process.returncode)
        raise NotStarted(f"{name} did not start; it {ended}, and said:\n{said}")
    try:
        yield port
    finally:
        process.send_signal(stop)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _comes_up(process: "subprocess.Popen[bytes]", answers: Callable[[], bool]) -> bool:
    """Wait until it answers; not, where it ended or says nothing for minutes."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None:
        if answers():
            # Whoever answers may be another on this port, while ours is about to end.
            return process.poll() is None
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
        time.sleep(0.03)
    return False


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


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
