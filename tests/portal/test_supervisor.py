"""The parent of the processes: real ones, small ones, killed in every way."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.running.child import PAUSES
from portal.running.record import read
from portal.supervisor import GRACE
from tests.patience import PATIENCE
from tests.portal.embedded import ROOT, lives
from workflow.exit_status import how_it_ended


class Parent:
    """A supervisor with small children, in a folder of its own."""

    def __init__(self, folder: Path, *children: str, **named: str) -> None:
        self.folder, self.log = folder, folder / "log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.portal.small_parent", str(folder), *children],
                cwd=ROOT,
                env={**os.environ, **named},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def told(self) -> str:
        code = self.process.poll()
        return f"{'it runs' if code is None else how_it_ended(code)}, and said:\n{self.said()}"

    def wait_until(self, done, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline, f"{what}: {self.told()}"
            time.sleep(0.02)

    def wait_for(self, text: str, times: int = 1) -> None:
        self.wait_until(lambda: self.said().count(text) >= times, f"nothing said {text!r}")

    def starts(self, name: str) -> list[list[int]]:
        """For each start the ids of the child and of what it started."""
        try:
            lines = (self.folder / name / "starts").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [[int(pid) for pid in line.split()] for line in lines if line]

    def part(self, name: str):
        return next(part for part in read(self.folder / "running.json") if part.name == name)

    def all_gone(self) -> None:
        pids = [pid for name in ("one", "two") for start in self.starts(name) for pid in start]
        assert pids
        self.wait_until(lambda: not any(map(lives, pids)), "something is left")

    def ended(self) -> int:
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(self.told()) from None


@pytest.fixture
def begin(tmp_path):
    begun = []

    def beginning(*children: str, **named: str) -> Parent:
        begun.append(Parent(tmp_path, *children, **named))
        return begun[-1]

    yield beginning
    for parent in begun:
        if parent.process.poll() is None:
            parent.process.kill()
            parent.process.wait()
            parent.all_gone()


def test_what_is_killed_comes_back_with_all_of_its_own_cleared_and_longer_pauses(begin):
    parent = begin("one: up", "two: up")
    parent.wait_for("All are up.")
    [other] = parent.starts("two")
    for count, pause in enumerate(PAUSES[:3], start=1):
        victim, orphan = parent.starts("one")[-1]
        os.kill(victim, signal.SIGKILL)
        parent.wait_for("The one is up again.", times=count)
        assert not lives(orphan), parent.told()
        seconds = "1 second" if pause == 1 else f"{pause} seconds"
        said = f"The one ended by itself (killed by SIGKILL). It starts again in {seconds}."
        assert said in parent.said(), parent.told()
        parent.wait_until(lambda: parent.part("one").up_since is not None, "it is not noted")
        part = parent.part("one")
        assert (part.ends, part.how) == (count, "killed by SIGKILL")
        assert part.up_since - part.ended_at >= pause
    assert parent.starts("two") == [other]
    assert parent.process.poll() is None, parent.told()


def test_after_long_enough_up_the_pauses_begin_anew(begin):
    parent = begin("one: up", LONG_ENOUGH="0")
    parent.wait_for("All are up.")
    for count in (1, 2, 3):
        os.kill(parent.starts("one")[-1][0], signal.SIGTERM)
        parent.wait_for("The one is up again.", times=count)
    assert parent.said().count("(killed by SIGTERM). It starts again in 1 second.") == 3


def test_what_cannot_start_ends_all_with_the_reason(begin):
    parent = begin("one: fail 3", "two: up")
    assert parent.ended() == 1
    assert "The one cannot start (exit code 3), so the portal stops." in parent.said()
    assert parent.said().rstrip().endswith("It said last:\n  first line\n  what was wrong")
    parent.all_gone()
    assert not (parent.folder / "running.json").exists()


def test_what_is_not_there_ends_all_with_the_reason(begin):
    parent = begin("one: missing", "two: up")
    assert parent.ended() == 1
    assert "The one cannot start (it could not be started: No such file" in parent.said()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_in_good_order(begin, number):
    parent = begin("one: up", "two: up turn")
    parent.wait_for("All are up.")
    parent.process.send_signal(number)
    assert parent.ended() == 0, parent.told()
    parent.all_gone()
    assert "Traceback" not in parent.said()


def test_what_does_not_listen_is_killed_within_the_promise(begin):
    assert GRACE < 10
    parent = begin("one: up deaf", "two: up")
    parent.wait_for("All are up.")
    parent.process.send_signal(signal.SIGINT)
    assert parent.ended() == 0, parent.told()
    parent.all_gone()


def test_asked_twice_it_waits_for_nobody(begin):
    parent = begin("one: up deaf", "two: up deaf")
    parent.wait_for("All are up.")
    while parent.process.poll() is None:
        parent.process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    assert parent.ended() == 0, parent.told()
    parent.all_gone()
    assert "Traceback" not in parent.said()


def test_nothing_outlives_a_parent_that_is_killed(begin):
    parent = begin("one: up deaf", "two: up turn")
    parent.wait_for("All are up.")
    parent.process.kill()
    assert parent.ended() == -signal.SIGKILL
    parent.all_gone()


def test_a_loop_that_stands_still_is_said_and_one_that_turns_again_is_not(begin):
    parent = begin("one: up turn", "two: up", QUIET="1")
    parent.wait_for("All are up.")
    [[pid, _]] = parent.starts("one")
    os.kill(pid, signal.SIGSTOP)
    parent.wait_for("The one stands still")
    parent.wait_until(lambda: parent.part("one").still, "it is not noted")
    assert not parent.part("two").still, "what has no loop cannot stand still"
    os.kill(pid, signal.SIGCONT)
    parent.wait_until(lambda: not parent.part("one").still, "it is still noted")
    assert parent.starts("one") == [[pid, parent.starts("one")[0][1]]]


def test_a_note_that_is_half_written_or_missing_says_nothing(tmp_path):
    assert read(tmp_path / "running.json") == []
    (tmp_path / "running.json").write_text('[{"name": "one"')
    assert read(tmp_path / "running.json") == []
