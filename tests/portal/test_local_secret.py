"""The secret of a checkout: whole or not there, one for all who ask, its owner's alone."""

import resource
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.settings.environment import NotUsable, local_secret


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


def test_many_at_once_get_the_same(tmp_path):
    script = (
        "from pathlib import Path; from portal.settings.environment import local_secret; "
        f"print(local_secret(Path({str(tmp_path / 'var' / 'secret_key')!r})))"
    )

    def ask(_number):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
        return done.stdout

    with ThreadPoolExecutor(4) as many:
        assert len(set(many.map(ask, range(4)))) == 1


def test_without_room_there_is_none_rather_than_half_of_one(tmp_path):
    path = tmp_path / "secret_key"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(NotUsable, match="cannot be used"):
            local_secret(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())
    assert len(local_secret(path)) > 40
