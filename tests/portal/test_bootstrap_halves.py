"""``scripts/bootstrap.sh`` from every half-made state, killed at any moment, and moved."""

import os
import shutil
import signal

import pytest

from tests.portal.checkouts import state, until


def empty(venv):
    shutil.rmtree(venv)
    venv.mkdir()


def no_python(venv):
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/usr/lib/a-python-that-was-upgraded")


def another_python(venv):
    (venv / ".ready").write_text(f"{venv} cpython-310\n")


def no_stamp(venv):
    (venv / ".ready").unlink()


def half_installed(venv):
    no_stamp(venv)
    next(venv.glob("lib/python*/site-packages/tiny_one.py")).unlink()


def of_another_lock(venv):
    (venv / ".lock-test").write_text("tiny_one==0.9\n")


def left_beside(venv):
    no_stamp(venv)
    shutil.copytree(venv, venv.with_name(".venv.new"), symlinks=True)
    shutil.copytree(venv, venv.with_name(".venv.old"), symlinks=True)


def a_file(venv):
    shutil.rmtree(venv)
    venv.write_text("not a folder")


HALVES = [
    empty,
    no_python,
    another_python,
    no_stamp,
    half_installed,
    of_another_lock,
    left_beside,
    a_file,
]


@pytest.mark.parametrize("half", HALVES, ids=lambda half: half.__name__)
def test_a_half_made_environment_is_made_anew(made, half):
    half(made.venv)
    code, said = made.set_up()
    assert code == 0, said
    assert "Making .venv" in said
    assert made.says("tiny_one") == "tiny_one 1.0"
    assert made.says("tiny_two") == "tiny_two 1.0"
    assert not list(made.root.glob(".venv.*"))
    assert made.offline().set_up() == (0, "")


def test_stopped_between_the_two_names_it_goes_on_without_a_network(made):
    shutil.copytree(made.venv, made.venv.with_name(".venv.old"), symlinks=True)
    made.venv.rename(made.venv.with_name(".venv.new"))
    assert made.offline().set_up() == (0, "")
    assert made.says("tiny_one") == "tiny_one 1.0"
    assert not list(made.root.glob(".venv.*"))


def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(made, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    made.venv.rename(elsewhere)
    made.venv.symlink_to(elsewhere)
    before = state(elsewhere)
    (elsewhere / ".lock-test").write_text("of another state\n")
    code, said = made.set_up()
    assert code == 0, said
    assert not made.venv.is_symlink()
    assert made.says("tiny_one") == "tiny_one 1.0"
    assert state(elsewhere).keys() == before.keys()


@pytest.mark.parametrize("name", ["elsewhere", "else where"])
def test_moved_with_its_checkout_it_goes_on(made, tmp_path, name):
    """Without a network where its programs can be told the new place, else made anew."""
    came_from, made.root = made.root, made.root.rename(tmp_path / name)
    try:
        code, said = made.set_up() if " " in name else made.offline().set_up()
        assert code == 0, said
        assert ("Making .venv" if " " in name else "was moved") in said
        assert made.says("tiny_one") == "tiny_one 1.0"
        assert made.offline().set_up() == (0, "")
    finally:
        made.root = made.root.rename(came_from)


# Where it is when it is killed: by what is there by then.
MOMENTS = [".venv.new", ".venv.new/bin/python", ".venv.new/uv-*/bin/uv", ".venv.new/**/tiny_one.py"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_the_old_state_holds_and_the_next_start_is_whole(made, moment):
    made.asks_for("tiny_one", "tiny_two", "tiny_three")
    process = made.start()
    until(lambda: any(made.root.glob(moment)) or process.poll() is not None)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert made.says("tiny_one") == "tiny_one 1.0"
    code, said = made.set_up()
    assert code == 0, said
    assert made.says("tiny_three") == "tiny_three 1.0"
    assert not list(made.root.glob(".venv.*"))
