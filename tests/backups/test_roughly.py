"""Full disks, a disposal at the same time, kills at any moment: what is there is whole."""

import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from uuid import uuid4

import pytest
from django.core.management import call_command

from backups import making
from backups.drilling import drill
from backups.keys import DATA, KEYSTORE, KINDS
from backups.manifest import read
from backups.places import DRAFT
from backups.pruning import sets
from encryption.casekeys import destroy_case_key
from encryption.disposals import enter
from requests_app.models import MatchToken
from tests.backups.elsewhere import ROOT, admin
from tests.house.test_start_without_keys import urls
from tests.patience import length
from workflow.exit_status import how_it_ended


def surroundings(places, tmp_path, **more):
    return os.environ | urls() | {
        "PYTEST": "false",
        "BACKUP_DATA_DIR": str(places[DATA]),
        "BACKUP_KEYSTORE_DIR": str(places[KEYSTORE]),
        "BACKUP_KEYS_DIR": str(tmp_path / "making"),
        "RESTORE_KEYS_DIR": str(tmp_path / "opening"),
        "FILES_DIR": str(tmp_path / "files"),
        "DISPOSAL_REGISTER": str(tmp_path / "disposals.jsonl"),
    } | more  # fmt: skip


@pytest.mark.parametrize("most", [100, 20_000, 1_200_000])
def test_a_disk_that_is_really_full_leaves_nothing_and_says_so(story, places, tmp_path, most):
    done = subprocess.run(
        [sys.executable, "manage.py", "backup"],
        cwd=ROOT,
        env=surroundings(places, tmp_path, PYTHONDONTWRITEBYTECODE="1"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [path for kind in KINDS for path in places[kind].glob("[!.]*")]
    assert not [path for kind in KINDS for path in places[kind].glob(f"{DRAFT}*")]


@pytest.mark.clause("ISA-8.1")
def test_a_key_destroyed_between_the_two_sets_comes_back_in_neither(
    story, places, settings, monkeypatch
):
    """The data still has the record with its tokens, the keystore of that night no key of it."""
    assert MatchToken.objects.filter(case=story.case).exists()
    real = making._make

    def racing(kind, *rest):
        if kind == KEYSTORE:
            enter(story.case.pk, uuid4())
            destroy_case_key(story.case.pk)
        return real(kind, *rest)

    monkeypatch.setattr(making, "_make", racing)
    call_command("backup")
    row = drill(places)
    assert (row.passed, row.disposals, row.opened) == (True, 1, 0)


def test_a_restore_by_who_may_not_is_told_so(made, elsewhere):
    for name in ("DATABASE_URL", "KEYSTORE_DATABASE_URL"):
        elsewhere.env[name] = elsewhere.env[name].replace("//portal@", "//portal_app@")
    said = elsewhere.run("restore", made[DATA], "--keystore", made[KEYSTORE], ok=False)
    assert "owner of the tables" in said


# Says when it begins, so that no moment falls into the start of Python and of Django.
BEGIN = """
import sys, django
django.setup()
from django.core.management import call_command
print("begins", flush=True)
call_command(sys.argv[1])
"""


def test_killed_at_random_moments_what_is_there_is_whole(story, places, tmp_path):
    """Backups, then drills: what has a set's name is read to the end, and the last run passes."""
    env = surroundings(places, tmp_path)
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    begun = time.monotonic()
    call_command("backup")
    # A moment is a share of what a whole run takes here: a drill is as long as some ten backups.
    whole = {"backup": time.monotonic() - begun}
    whole["drill"] = 10 * whole["backup"]
    rounds = [("backup", length(3, long=30)), ("drill", length(2, long=10))]
    for what in (what for what, times in rounds for _ in range(times)):
        process = subprocess.Popen(
            [sys.executable, "-c", BEGIN, what],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with process:
            assert process.stdout.readline() == b"begins\n", how_it_ended(process.wait())
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, whole[what]))
            process.send_signal(signal.SIGKILL)
        for kind in KINDS:
            found = list(places[kind].glob(f"{kind}-*"))
            assert len(sets(places[kind], kind)) == len(found)
            assert all(read(folder, kind) for folder in found)
    call_command("backup")
    assert drill(places).passed
    assert admin("SELECT datname FROM pg_database WHERE datname LIKE 'drill_%'") == []
