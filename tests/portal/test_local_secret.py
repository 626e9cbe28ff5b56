"""The secret of a checkout: whole or not there, one for all who ask, its owner's alone."""

import fcntl
import os
import stat
import subprocess
import sys

import pytest

from portal.settings.environment import local_secret
from portal.settings.secret_files import NotUsable
from tests.full_disk import no_file_past
from tests.patience import PATIENCE


def test_it_is_made_once_and_then_read(tmp_path):
    path = tmp_path / "var" / "secret_key"
    made = local_secret(path)
    assert len(made) > 40
    assert local_secret(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret_key"]


def test_one_whose_writing_was_cut_short_is_made_anew(tmp_path):
    path = tmp_path / "secret_key"
    path.write_text("")
    made = local_secret(path)
    assert len(made) > 40
    assert local_secret(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("found", [None, ""], ids=["none", "one-cut-short"])
def test_many_at_once_get_the_same(tmp_path, found):
    """The test holds the folder until all are about to ask; whoever is first makes it."""
    path = tmp_path / "secret_key"
    if found is not None:
        path.write_text(found)
    script = (
        "from pathlib import Path; from portal.settings.environment import local_secret; "
        f"print('asks', flush=True); print(local_secret(Path({str(path)!r})))"
    )
    holding = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(holding, fcntl.LOCK_EX)
        asking = [
            subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
            for _each in range(4)
        ]
        assert [process.stdout.readline() for process in asking] == ["asks\n"] * 4
    finally:
        os.close(holding)
    told = {process.communicate(timeout=PATIENCE)[0].strip() for process in asking}
    assert told == {path.read_text()}
    assert [each.name for each in tmp_path.iterdir()] == ["secret_key"]


def test_without_room_there_is_none_rather_than_half_of_one(tmp_path):
    path = tmp_path / "secret_key"
    with no_file_past(10), pytest.raises(NotUsable, match="cannot be used"):
        local_secret(path)
    assert not list(tmp_path.iterdir())
    assert len(local_secret(path)) > 40
