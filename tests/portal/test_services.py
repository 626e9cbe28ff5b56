"""``scripts/with_services.py``: what it starts ends with it, in whatever way, and nothing else."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.servers import NotStarted, service
from scripts.strays import OWNER, PLACE, belongs, clear, own_folder, processes_of
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
# One that inherits nothing but a folder of its run, one of another session, one that is simple.
BUSY = """
echo "$PORTAL_SERVICES" >"$TOLD.new" && mv "$TOLD.new" "$TOLD"
env -i FILES="$TMPDIR/files" setsid sleep 3600 &
setsid sleep 3600 &
sleep 3600
"""


def environment():
    """Ours, without what the run that we are in has told its tests."""
    told = {"PORTAL_TIMINGS", "PORTAL_PROGRESS", "PORTAL_LANES", "SET_UP_BEGAN", "SERVICES_LANES"}
    return {name: value for name, value in os.environ.items() if name not in told}


class Run:
    """A run of its own inside this one, with a command that goes on until it is ended."""

    def __init__(self, folder, lanes="1", words=(), script=BUSY, before=()):
        self.told = folder / "told"
        self.process = subprocess.Popen(
            [*before, sys.executable, "scripts/with_services.py", *words, "--", "sh", "-c", script],
            cwd=ROOT,
            env={**environment(), "SERVICES_LANES": lanes, "TOLD": str(self.told)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        until(lambda: self.told.exists() or self.process.poll() is not None)
        assert self.told.exists(), self.process.communicate()[0]
        self.folder = Path(self.told.read_text().strip()).parent
        self.pid, self.watcher = map(int, (self.folder / OWNER).read_text().split())

    def processes(self):
        return set(processes_of(self.folder))

    def is_gone(self):
        return not self.folder.exists() and not self.processes()

    def kill(self, *, watcher_too):
        """End it as the system would, with its watcher or without."""
        if watcher_too:
            os.kill(self.watcher, signal.SIGKILL)
        os.kill(self.pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        """Stop it as a terminal would; what it said."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def until(done):
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.05)


def is_running(pid):
    """Whether it is there, and not just waiting for somebody to notice that it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def programs(pids):
    """What is running under these numbers."""
    return {Path(f"/proc/{pid}/comm").read_text().strip() for pid in pids}


@pytest.fixture
def alive(tmp_path):
    """Another run, which is to notice nothing."""
    folder = tmp_path / "alive"
    folder.mkdir()
    run = Run(folder)
    before = run.processes()
    yield run
    assert run.process.poll() is None
    assert before <= run.processes()
    run.end()
    assert run.is_gone()


def with_programs(run, names):
    """The processes of a run, once all of these are among them: they start one after the other."""
    until(lambda: names <= programs(run.processes()))
    return run.processes()


@pytest.mark.parametrize("lanes", ["1", "2"])
def test_what_is_left_by_a_run_that_is_killed_goes_at_once(alive, tmp_path, lanes):
    run = Run(tmp_path, lanes)
    pids = with_programs(run, {"postgres", "redis-server", "sleep", "sh"})
    run.kill(watcher_too=False)
    until(run.is_gone)
    until(lambda: not any(map(is_running, pids)))


def test_what_is_left_where_the_watcher_was_killed_too_goes_before_the_next_run(alive, tmp_path):
    run = Run(tmp_path)
    run.kill(watcher_too=True)
    pids = with_programs(run, {"postgres", "redis-server", "sleep"})
    done = subprocess.run(
        [sys.executable, "scripts/with_services.py", "--", "true"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Cleared up after a run that was killed: {run.folder}" in done.stdout
    assert run.is_gone()
    until(lambda: not any(map(is_running, pids)))


def test_whoever_started_it_being_killed_ends_it(tmp_path):
    """As with `make`, when it is killed and its children are not."""
    run = Run(tmp_path, words=["--with-parent"], before=["sh", "-c", '"$@"; true', "sh"])
    assert run.pid != run.process.pid
    run.process.kill()
    run.process.wait()
    until(run.is_gone)
    until(lambda: not is_running(run.pid))


def test_what_a_command_leaves_behind_ends_with_the_run(tmp_path):
    script = BUSY.replace("\nsleep 3600\n", '\ntouch "$TOLD.ends"\n')
    run = Run(tmp_path, script=script)
    assert run.process.wait() == 0
    assert run.is_gone()


def test_the_exit_code_is_the_commands_and_a_signal_is_passed_on(tmp_path):
    script = "trap 'exit 7' TERM\n" + BUSY.replace("\nsleep 3600\n", "\nsleep 3600 & wait\n")
    run = Run(tmp_path, script=script)
    run.process.terminate()
    assert run.process.wait() == 7
    assert run.is_gone()


def test_a_process_that_only_looks_into_the_folder_is_not_of_the_run():
    """Neither one that names it on its command line, nor one of a terminal that went there."""
    with own_folder() as folder:
        reader = subprocess.Popen(["sleep", "3600"], start_new_session=True)
        naming = subprocess.Popen(
            ["tail", "-f", str(folder / OWNER)],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        inside = subprocess.Popen(["sleep", "3600"], cwd=folder, start_new_session=True)
        near = subprocess.Popen(["sleep", "3600"], env={"WHERE": f"{folder}-and-more/x"})
        terminal, screen = os.openpty()
        going = (
            "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
            " os.execvp('sleep', ['sleep', '3600'])"
        )
        typing = subprocess.Popen(
            [sys.executable, "-c", going], cwd=folder, stdin=screen, start_new_session=True
        )
        every = [reader, naming, inside, near, typing]
        try:
            until(lambda: programs([typing.pid]) == {"sleep"})
            found = [process for process in every if belongs(process.pid, folder)]
            assert found == [inside]
        finally:
            for process in every:
                process.kill()
                process.wait()
            os.close(terminal)
            os.close(screen)


def test_a_folder_that_nobody_locks_is_left_alone():
    """Another program's, or one that was made before runs locked theirs."""
    folder = PLACE / f"portal-of-somebody-{os.getpid()}"
    folder.mkdir()
    try:
        assert not clear(folder, wait=False)
        assert folder.is_dir()
    finally:
        folder.rmdir()


def test_a_service_that_does_not_start_says_how_it_ended_and_what_it_said(tmp_path):
    def start(port):
        return ["sh", "-c", "echo its last words; kill -SEGV $$"]

    asked = service(
        "The service",
        start,
        lambda _port: False,
        log=tmp_path / "log",
        stop=signal.SIGTERM,
        common={},
    )
    with pytest.raises(NotStarted) as told, asked:
        pass
    assert "was ended by SIGSEGV" in str(told.value)
    assert "its last words" in str(told.value)
