"""``.ci/run`` says last how long each part took, and in time what takes long."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
# The whole check cannot be run by one of its own tests: this stands for its commands.
MAKE = """#!/bin/sh
echo "make $1 was called"
case "$DOES" in
  fails) [ "$1" != test ] || exit 3 ;;
  waits) while [ ! -e "$GO_ON" ]; do sleep 0.1; done ;;
esac
"""


def _hear_ctrl_c() -> None:
    """A suite in the background of a shell ignores it, which a shell that inherits that keeps."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def start(tmp_path):
    checkout = tmp_path / "checkout"
    (checkout / ".ci").mkdir(parents=True)
    (checkout / "scripts").mkdir()
    shutil.copy(ROOT / ".ci" / "run", checkout / ".ci" / "run")
    shutil.copy(ROOT / "scripts" / "watchdog.sh", checkout / "scripts" / "watchdog.sh")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "make").write_text(MAKE)
    (programs / "make").chmod(0o755)
    started = []

    def start(does="", seconds="4500"):
        process = subprocess.Popen(
            ["bash", ".ci/run"],
            cwd=checkout,
            env={
                "PATH": f"{programs}:{os.environ['PATH']}",
                "TMPDIR": os.environ["TMPDIR"],
                "DOES": does,
                "GO_ON": str(tmp_path / "go-on"),
                "CI_WATCH_SECONDS": seconds,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - it sets a signal, and nothing else
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def of_session(leader):
    """What is still running of a session, but for what has ended and waits to be noticed."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[3]) == leader and words[0] != "Z":
            found.add(int(path.parent.name))
    return found


def until(done):
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.05)


def test_a_green_run_ends_with_the_minutes_of_each_part(start):
    process = start()
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert "make check was called" in said
    table = said.partition("Minutes of each part:\n")[2].splitlines()
    parts = ["make check", "make test", "make bench ARGS=quick"]
    assert [line.split("  ")[1] for line in table] == [*parts, "whole run"]
    assert all(re.search(r" \d+\.\d$", line) for line in table)
    until(lambda: not of_session(process.pid))


def test_a_red_run_does_too_and_stays_red(start):
    process = start("fails")
    said, _ = process.communicate()
    assert process.returncode == 3, said
    table = said.partition("Minutes of each part:\n")[2]
    assert "make test" in table
    assert "make bench" not in table
    assert table.splitlines()[-1].startswith("  whole run")
    until(lambda: not of_session(process.pid))


def test_a_run_that_takes_long_says_what_is_running_and_goes_on(start, tmp_path):
    process = start("waits", seconds="0")
    said = ""
    while "Processes, by processor" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    assert process.poll() is None
    assert "== This run has taken" in said
    (tmp_path / "go-on").touch()
    rest, _ = process.communicate()
    assert process.returncode == 0, said + rest
    assert "Minutes of each part:" in rest


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_watchdog(start, how, tmp_path):
    process = start("waits")
    said = process.stdout.readline()
    assert "make check was called" in said
    os.kill(process.pid, how)
    process.wait()
    if how == signal.SIGKILL:
        (tmp_path / "go-on").touch()  # the command itself is nobody's to end
    else:
        assert process.returncode == 128 + how
    until(lambda: not of_session(process.pid))


def test_the_watchdog_names_the_tests_that_run_and_the_slowest(tmp_path):
    (tmp_path / "running-gw0").write_text("")
    (tmp_path / "running-gw1").write_text(f"{int(time.time()) - 65} tests/a.py::test_long[a b]\n")
    (tmp_path / "slowest").write_text("81.5 tests/a.py::test_before\n")
    done = subprocess.run(
        ["sh", "scripts/watchdog.sh", str(os.getpid()), "0", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    [seconds] = re.findall(r"gw1: tests/a\.py::test_long\[a b\], for (\d+) s", done.stdout)
    assert int(seconds) >= 65
    assert "gw0" not in done.stdout
    assert "81.5 tests/a.py::test_before" in done.stdout


TESTS = """
import os, pathlib, pytest

def test_of_no_kind():
    folder = pathlib.Path(os.environ["PORTAL_PROGRESS"])
    now = [file.read_text() for file in folder.glob("running-*")]
    assert any("test_of_no_kind" in text for text in now), now

@pytest.mark.browser
def test_of_a_browser():
    pass

@pytest.mark.embedded
def test_of_a_process():
    pass

@pytest.fixture
def worker():
    return 1

def test_of_a_worker(worker):
    assert worker
"""


@pytest.mark.parametrize("lanes", ["0", "2"])
def test_a_run_of_tests_ends_with_how_long_each_kind_and_lane_took(tmp_path, lanes):
    (tmp_path / "test_kinds.py").write_text(TESTS)
    marks = "[pytest]\nmarkers =\n  browser: b\n  embedded: e\n"
    (tmp_path / "pytest.ini").write_text(marks)
    timings, progress = tmp_path / "timings", tmp_path / "progress"
    timings.write_text("services\t1.50\n")
    plain = ["-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.plugins.durations"]
    env = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, "-n", lanes, "-c", "pytest.ini", "."],
        cwd=tmp_path,
        env={
            **{name: value for name, value in env.items() if not name.startswith("PYTEST")},
            "PYTHONPATH": str(ROOT),
            "PORTAL_TIMINGS": str(timings),
            "PORTAL_PROGRESS": str(progress),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    table = done.stdout.partition("how long each part took")[2]
    kinds = ["browser", "embedded", "worker", "the rest"]
    parts = ["services", *[f"tests: {kind} (1)" for kind in kinds]]
    assert re.findall(r"^(.*?) +\d+\.\d s$", table, re.MULTILINE)[: len(parts)] == parts
    running = sorted(file.name for file in progress.glob("running-*"))
    assert running == (["running-main"] if lanes == "0" else ["running-gw0", "running-gw1"])
    assert {(progress / name).read_text() for name in running} == {""}
    assert len((progress / "slowest").read_text().splitlines()) == 4
    written = [line.split("\t")[0] for line in timings.read_text().splitlines()]
    assert written[:2] == ["services", "  tests: browser (1)"]
    assert written[-1] == "  tests, by the clock"
