"""A new ring key, every case key under it, the old one off: killed, doubled and raced."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from encryption import rotating
from encryption.casekeys import create_case_key, destroy_case_key, sealing_key
from encryption.errors import KeyringFault
from encryption.models import CaseKey
from encryption.provider import FileKeyProvider, create_keyring_file, forget_keyring
from encryption.ringfile import add_ring_key, remove_ring_key
from encryption.rotating import rotate, unused
from tests.encryption.sample.models import Case
from tests.patience import length

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keystore"])


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Path]:
    CaseKey.objects.all().delete()
    forget_keyring()
    settings.KEYRING_FILE = tmp_path / "ring.json"
    settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"  # that of the tests is of their ring
    create_keyring_file(settings.KEYRING_FILE)
    yield settings.KEYRING_FILE
    CaseKey.objects.all().delete()
    forget_keyring()


def cases(count: int) -> dict[UUID, bytes]:
    made = {uuid4(): b"" for _each in range(count)}
    for case_id in made:
        create_case_key(case_id)
    return {case_id: sealing_key(case_id).derive(b"x") for case_id in made}


def no_step(_done: int) -> None:
    pass


def test_added_first_private_and_whole(ring: Path) -> None:
    before = json.loads(ring.read_text())
    name = add_ring_key(ring)
    after = json.loads(ring.read_text())
    assert after["keys"][0]["id"] == name
    assert after["keys"][1:] == before["keys"]
    assert after["token_key"] == before["token_key"]
    assert ring.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in ring.parent.iterdir()] == [ring.name]


def test_of_many_added_at_once_none_is_lost(ring: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from encryption.ringfile import add_ring_key;"
        "add_ring_key(Path(sys.argv[1]))"
    )
    adding = [
        subprocess.Popen([sys.executable, "-c", script, str(ring)], cwd=Path(__file__).parents[2])
        for _each in range(6)
    ]
    assert [each.wait() for each in adding] == [0] * 6
    assert len(FileKeyProvider.read(ring).names) == 7


@pytest.mark.parametrize("mode", [0o644, 0o660])
def test_a_ring_open_to_others_is_not_built_on(ring: Path, mode: int) -> None:
    ring.chmod(mode)
    before = ring.read_bytes()
    for word in ("add", "rotate", "verify"):
        with pytest.raises(CommandError, match="chmod 600"):
            call_command("keys", word)
    assert ring.read_bytes() == before


@pytest.mark.clause("ISA-7.2", part=True)
def test_the_commands_from_a_new_key_to_the_old_one_gone(ring: Path, capsys: Any) -> None:
    keys = cases(3)
    old = FileKeyProvider.read(ring).active
    call_command("keys", "add")
    assert "Restart every process" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--restarted"):
        call_command("keys", "rotate")
    with pytest.raises(CommandError, match="still needed: by 6 case keys"):
        call_command("keys", "retire", old)
    call_command("keys", "rotate", "--restarted")
    said = capsys.readouterr().out
    assert "Wrapped 6 case keys" in said
    assert f"keys retire {old}" in said
    call_command("keys", "rotate")
    assert "Wrapped 0 case keys" in capsys.readouterr().out
    call_command("keys", "retire", old)
    assert FileKeyProvider.read(ring).names == [FileKeyProvider.read(ring).active]
    assert {each: sealing_key(each).derive(b"x") for each in keys} == keys
    with pytest.raises(CommandError, match="There is no key"):
        call_command("keys", "retire", old)
    with pytest.raises(CommandError, match="is the first"):
        call_command("keys", "retire", FileKeyProvider.read(ring).active)
    with pytest.raises(CommandError, match="takes the name"):
        call_command("keys", "retire")


def test_a_ring_without_an_old_key_changes_nothing(ring: Path) -> None:
    cases(2)
    old = FileKeyProvider.read(ring).active
    add_ring_key(ring)
    remove_ring_key(ring, old, lambda: "")
    before = list(CaseKey.objects.order_by("pk").values_list("wrapped"))
    with pytest.raises(KeyringFault, match="Nothing was changed"):
        rotate(no_step)
    assert list(CaseKey.objects.order_by("pk").values_list("wrapped")) == before


def test_a_damaged_row_is_named_and_the_others_are_done(ring: Path) -> None:
    cases(5)
    row = CaseKey.objects.order_by("pk")[2]
    CaseKey.objects.filter(pk=row.pk).update(wrapped=b"x" * 60)
    add_ring_key(ring)
    done = rotate(no_step)
    assert (done.keys, done.broken) == (2 * 5 - 1, [row.pk])
    assert unused() == []


def test_a_key_destroyed_in_between_stays_destroyed(
    ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [case_id] = cases(1)
    add_ring_key(ring)
    real = rotating.rewrapped

    def destroyed_meanwhile(row: CaseKey) -> tuple[str, bytes]:
        other = threading.Thread(
            target=lambda: (destroy_case_key(case_id), connections.close_all())
        )
        other.start()
        other.join()
        return real(row)

    monkeypatch.setattr(rotating, "rewrapped", destroyed_meanwhile)
    assert rotate(no_step).keys == 0
    assert {row.wrapped for row in CaseKey.objects.all()} == {None}


def test_two_at_once_do_each_key_once(ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotating, "BATCH", 7)
    keys = cases(120)
    add_ring_key(ring)
    counts: list[int] = []

    def one() -> None:
        counts.append(rotate(no_step).keys)
        connections.close_all()

    racing = [threading.Thread(target=one) for _each in range(3)]
    for each in racing:
        each.start()
    for each in racing:
        each.join()
    assert sum(counts) == 2 * 120, "of each case one that seals and one for fingerprints"
    assert {each: sealing_key(each).derive(b"x") for each in keys} == keys


def test_no_record_is_touched(ring: Path, new_case: Callable[[], Case]) -> None:
    if connection.vendor != "postgresql":
        pytest.fail("This is shown on PostgreSQL.")
    new_case()

    def stamps() -> dict[str, list[Any]]:
        found = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f'SELECT xmin::text, ctid::text FROM "{table}" ORDER BY 2')  # noqa: S608
                found[table] = cursor.fetchall()
        return found

    before = stamps()
    add_ring_key(ring)
    assert rotate(no_step).keys == 2
    assert before == stamps()


def test_five_hundred_keys_a_second(ring: Path) -> None:
    cases(300)
    add_ring_key(ring)
    begun = time.process_time()
    done = rotate(no_step)
    assert done.keys == 600
    assert time.process_time() - begun < done.keys / 500


@pytest.mark.clause("ISA-7.2", part=True)
def test_killed_at_random_moments_and_run_again(ring: Path) -> None:
    keys = cases(400)

    def url(alias: str) -> str:
        config = connections[alias].settings_dict
        return f"postgres://{config['USER']}@{config['HOST']}:{config['PORT']}/{config['NAME']}"

    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": url("default"),
        "KEYSTORE_DATABASE_URL": url("keystore"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    script = Path(__file__).with_name("killed_rotation.py")
    done = subprocess.run(
        [sys.executable, str(script), str(ring), str(length(12, long=40)), "7"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > 0  # some were killed in the middle
    forget_keyring()
    assert {each: sealing_key(each).derive(b"x") for each in keys} == keys
    rotate(no_step)
    assert rotating.waiting() == 0
    assert CaseKey.objects.count() == 2 * 400
    assert {each: sealing_key(each).derive(b"x") for each in keys} == keys
