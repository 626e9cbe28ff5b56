"""``make bench start``: the parts of a first start and of a second, in a fresh clone.

What runs is what a newcomer runs: ``make run`` in a folder that holds nothing yet. Only a start
that fails ends this with 1: how quick is quick enough depends on the machine.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = "/accounts/login/"
PATIENCE = 1800  # a start that neither ends nor answers for this long has failed
LINES = 40  # of what a start said, where it failed


class Failed(Exception):
    """A start that did not come up, with what it said."""


def main() -> int:
    """Clone, start twice, say what took how long."""
    folder = Path(tempfile.mkdtemp(prefix="portal-start-"))
    try:
        checkout = folder / "checkout"
        clone(checkout)
        for title in ("First start, with nothing there", "Second start, with everything there"):
            parts, total = start(checkout, folder / "parts", folder / "said")
            show(title, parts, total)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def clone(checkout: Path) -> None:
    """The newest commit of this checkout, in a folder of its own."""
    git = ["git", "-C", str(ROOT)]
    done = _ask([*git, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(checkout)])
    if done.returncode:
        raise Failed(f"This checkout could not be cloned: {done.stderr.strip()}")
    commit = _ask([*git, "log", "-1", "--format=%h %s"]).stdout.strip()
    print(f"A fresh clone of {commit}")
    if _ask([*git, "status", "--porcelain"]).stdout.strip():
        print("(what is not committed is not in it)")
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"{os.cpu_count()} processors, load {load}; pip and uv use what they kept from before.")


def start(checkout: Path, timings: Path, said: Path) -> tuple[list[tuple[str, float]], float]:
    """Run the portal until its sign-in page is there, and stop it; parts and whole, in seconds."""
    timings.write_text("")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {"PORTAL_VAR", "PORTAL_URL", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL"}
    env = {name: value for name, value in os.environ.items() if name not in inherited}
    env |= {"PORTAL_TIMINGS": str(timings), "PORT": str(port)}
    began = time.monotonic()
    with said.open("wb") as out:
        process = subprocess.Popen(
            ["make", "run"],  # noqa: S607 - whichever make is ours
            cwd=checkout,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                last = "\n".join(said.read_text(errors="replace").splitlines()[-LINES:])
                raise Failed(f"The portal did not start (exit code {process.poll()}):\n{last}")
            time.sleep(0.05)
        total = time.monotonic() - began
        while "until ready" not in timings.read_text() and process.poll() is None:
            time.sleep(0.05)
    finally:
        _stop(process)
    lines = (line.split("\t") for line in timings.read_text().splitlines())
    return [(name, float(seconds)) for name, seconds in lines], total


def show(title: str, parts: list[tuple[str, float]], total: float) -> None:
    """Print one start."""
    rest = max(0.0, total - sum(seconds for _, seconds in parts))
    print(f"\n{title}", flush=True)
    for name, seconds in [*parts, ("programs started, modules read", rest)]:
        print(f"  {name:<40}{seconds:>8.1f} s {seconds / total:>6.0%}")
    print(f"  {'until the sign-in page':<40}{total:>8.1f} s", flush=True)


def _answers(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request("GET", PAGE, headers={"Host": f"localhost:{port}"})
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    # As Ctrl-C would: everything that the start began is told.
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _ask(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
