"""``scripts/bootstrap.sh``: from nothing, offline, by pip where uv fails, twice at once."""

import fcntl
import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.portal.checkouts import locked, state, uv


def test_a_bare_checkout_gets_its_packages_by_uv(checkout):
    code, said = checkout.set_up()
    assert code == 0, said
    assert "Making .venv" in said
    assert "pip does it" not in said
    assert checkout.says("tiny_one") == "tiny_one 1.0"
    assert checkout.installer("tiny_two") == "uv"
    assert not list(checkout.venv.glob("lib/python*/site-packages/pip"))
    assert not list(checkout.root.glob(".venv.*"))
    assert b".venv.new" not in (checkout.venv / "bin" / "activate").read_bytes()


def test_a_second_start_needs_no_network_and_changes_nothing(made):
    before = state(made.root)
    assert made.offline().set_up() == (0, "")
    assert state(made.root) == before


def test_run_wants_its_own_packages_only_and_does_with_those_of_the_tests(checkout):
    checkout.asks_for("tiny_one", lock="run")
    code, said = checkout.set_up("run")
    assert code == 0, said
    assert checkout.installer("tiny_one") == "uv"
    assert not list(checkout.venv.glob("lib/python*/site-packages/tiny_two*"))
    assert checkout.set_up("check")[0] == 0
    assert checkout.says("tiny_two") == "tiny_two 1.0"
    assert checkout.set_up("run") == (0, "")  # looks once whether records can be printed
    before = state(checkout.root)
    assert checkout.offline().set_up("run") == (0, "")
    assert state(checkout.root) == before


@pytest.mark.parametrize("program", [None, "#!/bin/sh\necho 'error: no such processor'\nexit 3\n"])
def test_where_uv_is_not_to_be_had_or_fails_pip_does_it(checkout, tmp_path, wheels, program):
    """Either none in the registry, or one that does not run on this machine."""
    folder = tmp_path / "without"
    shutil.copytree(wheels, folder)
    [packed] = folder.glob("uv-*.whl")
    packed.unlink()
    if program:
        (checkout.root / "requirements" / "uv.txt").write_text(locked(uv(folder, program)))
    code, said = checkout.set_up(PIP_FIND_LINKS=str(folder))
    assert code == 0, said
    assert "pip does it, which takes longer" in said
    assert ("no such processor" if program else "could not be fetched") in said
    assert checkout.says("tiny_one") == "tiny_one 1.0"
    assert checkout.installer("tiny_one") == "pip"
    assert checkout.offline().set_up() == (0, "")


@pytest.mark.parametrize("by", ["uv", "pip"])
def test_a_package_that_is_not_the_one_of_the_lock_is_refused(checkout, tmp_path, wheels, by):
    folder = tmp_path / "changed"
    shutil.copytree(wheels, folder)
    with next(folder.glob("tiny_two-*.whl")).open("ab") as packed:
        packed.write(b"one byte more")
    if by == "pip":
        next(folder.glob("uv-*.whl")).unlink()
    code, said = checkout.set_up(PIP_FIND_LINKS=str(folder))
    assert code == 1
    assert "is not the one that the lock names" in said
    assert not checkout.venv.exists()


def test_without_a_network_the_first_start_says_what_to_do(checkout):
    code, said = checkout.offline().set_up()
    assert code == 1
    assert "is the package registry in reach?" in said
    assert not checkout.venv.exists()


def test_what_the_machine_tells_pip_is_told_to_uv(checkout, tmp_path, wheels):
    """An index that only pip's own file names, with what is fetched from it by whom."""
    asked = []

    class Index(SimpleHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.headers["User-Agent"].split("/")[0], self.path))
            super().do_GET()

        def log_message(self, *_args):
            pass

    index = tmp_path / "index"
    for packed in wheels.glob("*.whl"):
        page = index / "simple" / packed.name.split("-")[0].replace("_", "-")
        page.mkdir(parents=True)
        shutil.copy(packed, page / packed.name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Index, directory=str(index)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = tmp_path / "pip.conf"
    config.write_text(f"[global]\nindex-url = http://127.0.0.1:{server.server_port}/simple\n")
    checkout.offline().env.pop("PIP_INDEX_URL")
    try:
        code, said = checkout.set_up(PIP_CONFIG_FILE=str(config), UV_NO_CACHE="1")
    finally:
        server.shutdown()
        server.server_close()
    assert code == 0, said
    assert checkout.installer("tiny_one") == "uv"
    assert any(
        who == "uv" and path.endswith("tiny_one-1.0-py3-none-any.whl") for who, path in asked
    )


def test_a_change_that_cannot_be_fetched_leaves_the_old_state_usable(made):
    lock = made.root / "requirements" / "test.txt"
    old = lock.read_text()
    made.asks_for("tiny_one", "tiny_two", "tiny_three").offline()
    before = state(made.venv)
    code, said = made.set_up()
    assert code == 1
    assert "Nothing was changed in .venv." in said
    assert state(made.venv) == before
    lock.write_text(old)
    assert made.set_up() == (0, "")


def test_a_second_start_waits_for_the_first_and_says_so(checkout):
    folder = os.open(checkout.root, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    process = checkout.start()
    try:
        assert "waiting for it" in process.stdout.readline()
        assert not checkout.venv.exists()
    finally:
        os.close(folder)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert checkout.says("tiny_one") == "tiny_one 1.0"


def test_of_two_at_once_one_makes_it(checkout):
    both = [checkout.start(), checkout.start()]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Making .venv" in each for each in said) == 1, said
    assert checkout.says("tiny_one") == "tiny_one 1.0"


def obeying():
    """As somebody whom the modes of files bind, which root is not otherwise."""
    return ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []


def test_a_folder_that_may_only_be_read_is_said_in_one_sentence(checkout):
    checkout.root.chmod(0o555)
    try:
        code, said = checkout.set_up(before=obeying())
    finally:
        checkout.root.chmod(0o755)
    assert code == 1
    [sentence] = said.splitlines()[1:]
    assert sentence.startswith(f"{checkout.root} cannot be written to: copy it")


def test_a_folder_that_may_only_be_read_starts_where_everything_is_there(made):
    made.root.chmod(0o555)
    try:
        assert made.offline().set_up(before=obeying()) == (0, "")
    finally:
        made.root.chmod(0o755)


@pytest.mark.parametrize("kilobytes", [64, 400, 40_000])
def test_a_full_disk_is_said_in_one_sentence(checkout, tmp_path, kilobytes):
    """Full before there is a Python, before there is uv, and before the packages are there."""
    checkout.asks_for("large")
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        f'mount -t tmpfs -o size={kilobytes}k none "{disk}" && cp -R "{checkout.root}" "{disk}/c"'
        f' && sh "{disk}/c/scripts/bootstrap.sh" check; code=$?; ls -A "{disk}/c"; exit $code'
    )
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script],
        env=checkout.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "The disk is full: free some space" in done.stderr, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    assert ".venv.new" not in done.stdout
