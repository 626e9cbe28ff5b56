"""The register of disposals, and what it does after a restore (ISA-8.1)."""

import json
import os
import threading
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from encryption import disposals
from encryption.casekeys import create_case_key, destroy_case_key
from encryption.errors import DisposalsNotReplayed, KeyDestroyed, RegisterFault
from encryption.keystore import CaseKey
from encryption.provider import create_keyring_file
from encryption.register_lines import parsed
from encryption.startup import check_keys
from tests.encryption.sample.models import Note
from tests.full_disk import no_file_past

pytestmark = [
    pytest.mark.django_db(databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.1"),
]


@pytest.fixture(autouse=True)
def register(tmp_path, settings):
    CaseKey.objects.all().delete()
    settings.DISPOSAL_REGISTER = tmp_path / "kept" / "disposals.jsonl"
    return settings.DISPOSAL_REGISTER


def a_case():
    case_id = uuid4()
    create_case_key(case_id)
    return case_id


def a_note(case):
    note = Note(case=case, title="Zed")
    note.save()
    return note


def brought_back(case_id):
    """The keystore as a backup from before the disposal has it."""
    return list(CaseKey.objects.filter(case_id=case_id).values())


def put_back(rows):
    # As a restore does it: by whole rows, where an update would be refused.
    CaseKey.objects.filter(case_id__in={row["case_id"] for row in rows}).delete()
    CaseKey.objects.bulk_create([CaseKey(**row) for row in rows])


def test_after_a_restore_no_process_starts_until_it_was_replayed(case, capsys):
    case_id, kept, note = case.pk, a_case(), a_note(case)
    backup = brought_back(case_id)
    disposals.enter(case_id, uuid4())
    destroy_case_key(case_id)
    check_keys()
    put_back(backup)
    assert Note.objects.get(pk=note.pk).title == "Zed", "the backup opens it again"
    with pytest.raises(DisposalsNotReplayed, match="disposals replay"):
        check_keys()
    with pytest.raises(CommandError, match="can be opened again"):
        call_command("disposals", "register")
    capsys.readouterr()
    call_command("disposals", "replay")
    assert "Keys destroyed again: 1" in capsys.readouterr().out
    check_keys()
    with pytest.raises(KeyDestroyed):
        _ = Note.objects.get(pk=note.pk).title
    create_case_key(kept)  # as it was
    call_command("disposals", "replay")
    assert "Keys destroyed again: 0" in capsys.readouterr().out


def test_entering_twice_is_entering_once(register):
    case_id, first = a_case(), uuid4()
    line = disposals.enter(case_id, first)
    assert disposals.enter(case_id, uuid4()) == line
    assert disposals.entries() == [line]
    assert line.list == str(first)
    assert register.stat().st_mode & 0o777 == 0o600


def test_many_who_enter_at_once_lose_nothing():
    cases = [uuid4() for _ in range(40)]
    threads = [
        threading.Thread(target=lambda some=some: [disposals.enter(case, uuid4()) for case in some])
        for some in (cases[:25], cases[15:])
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(entry.case_id for entry in disposals.entries()) == sorted(cases)


@pytest.mark.parametrize(
    "line", ["{}", "nonsense", '{"case": 1, "at": "", "list": ""}', "[]", "\0", '{"case": "x"}']
)
def test_a_damaged_line_stops_everything(register, line):
    disposals.enter(uuid4(), uuid4())
    register.write_text(register.read_text() + line + "\n")
    for read in (disposals.entries, check_keys, lambda: disposals.enter(uuid4(), uuid4())):
        with pytest.raises(RegisterFault, match="Line 2"):
            read()
    with pytest.raises(CommandError, match="Line 2"):
        call_command("disposals", "replay")


def test_a_line_that_was_cut_off_is_not_built_on(register):
    disposals.enter(uuid4(), uuid4())
    os.truncate(register, register.stat().st_size - 5)
    with pytest.raises(RegisterFault, match="cut off"):
        disposals.enter(uuid4(), uuid4())
    with pytest.raises(RegisterFault, match="cut off"):
        check_keys()


def test_a_register_that_is_gone_is_missed(register):
    check_keys()  # nothing was ever disposed of
    case_id = a_case()
    disposals.enter(case_id, uuid4())
    destroy_case_key(case_id)
    register.unlink()
    with pytest.raises(RegisterFault, match="is gone"):
        check_keys()


def test_without_a_register_nothing_is_entered(settings):
    settings.DISPOSAL_REGISTER = None
    with pytest.raises(RegisterFault, match="DISPOSAL_REGISTER"):
        disposals.enter(uuid4(), uuid4())


def test_where_it_cannot_be_written_the_fault_says_so(settings, tmp_path):
    (tmp_path / "a-file").write_text("")
    settings.DISPOSAL_REGISTER = tmp_path / "a-file" / "disposals.jsonl"
    with pytest.raises(RegisterFault, match="cannot be written"):
        disposals.enter(uuid4(), uuid4())


def test_on_a_full_disk_no_half_line_is_left(register):
    """Or nothing could be entered, and nothing started, once there was room again."""
    first = disposals.enter(uuid4(), uuid4())
    with (
        no_file_past(register.stat().st_size + 10),
        pytest.raises(RegisterFault, match="cannot be written to"),
    ):
        disposals.enter(uuid4(), uuid4())
    assert disposals.entries() == [first]
    second = disposals.enter(uuid4(), uuid4())
    assert disposals.entries() == [first, second]


def test_it_says_nothing_but_ids_and_a_time(register):
    disposals.enter(a_case(), uuid4())
    [line] = register.read_text().splitlines()
    assert set(json.loads(line)) == {"case", "at", "list", "mark"}


def without_marks(register):
    """As it was before there were marks, or as somebody leaves it who takes them away."""
    lines = [json.loads(line) for line in register.read_text().splitlines()]
    for line in lines:
        line.pop("mark", None)
    register.write_text("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines))


def planted(case_id, **more):
    """A line as anybody could write it."""
    said = {"case": str(case_id), "at": "2026-11-23T00:00:00+00:00", "list": str(uuid4())}
    return json.dumps(said | more, sort_keys=True) + "\n"


@pytest.mark.parametrize("more", [{}, {"mark": ""}, {"mark": "0" * 64}, {"mark": 7}, {"mark": "é"}])
def test_a_line_that_the_portal_did_not_write_destroys_nothing(register, more):
    disposals.enter(uuid4(), uuid4())
    case_id = a_case()
    register.write_text(register.read_text() + planted(case_id, **more))
    for act in (check_keys, disposals.replay, lambda: disposals.replay(unmarked=True)):
        with pytest.raises(RegisterFault, match="Line 2"):
            act()
    with pytest.raises(CommandError, match="Line 2"):
        call_command("disposals", "replay", "--unmarked")
    create_case_key(case_id)  # raises KeyDestroyed if it was destroyed


@pytest.mark.parametrize(
    "bend",
    [
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: lines[1:],
        lambda lines: [lines[0].replace('"at": "2', '"at": "1'), *lines[1:]],
        lambda lines: [*lines, lines[0]],
        lambda lines: [planted(uuid4()), *lines],
    ],
    ids=["moved", "taken from the middle", "taken from the top", "changed", "again", "put above"],
)
def test_what_was_done_to_lines_is_seen(register, bend):
    for _ in range(3):
        disposals.enter(uuid4(), uuid4())
    lines = register.read_text().splitlines(keepends=True)
    register.write_text("".join(bend(lines)))
    with pytest.raises(RegisterFault, match="Line"):
        check_keys()


def test_a_register_from_before_goes_on_and_its_lines_are_covered(register):
    old = a_case()
    disposals.enter(old, uuid4())
    destroy_case_key(old)
    without_marks(register)
    check_keys()
    disposals.enter(uuid4(), uuid4())
    assert disposals.entries()[0].case_id == old
    first, second = register.read_text().splitlines(keepends=True)
    assert ("mark" in first, "mark" in second) == (False, True)
    register.write_text(first.replace(str(old), str(uuid4())) + second)
    with pytest.raises(RegisterFault, match="Line 2"):
        check_keys()


def test_a_register_without_marks_destroys_only_what_somebody_has_looked_at(register, capsys):
    disposals.enter(uuid4(), uuid4())
    case_id = a_case()
    without_marks(register)
    register.write_text(register.read_text() + planted(case_id))
    with pytest.raises(DisposalsNotReplayed):
        check_keys()
    for act in (disposals.replay, lambda: disposals.enter(uuid4(), uuid4())):
        with pytest.raises(RegisterFault, match=r"The 2 lines .* bear no mark .* --unmarked"):
            act()
    with pytest.raises(CommandError, match="--unmarked"):
        call_command("disposals", "replay")
    create_case_key(case_id)
    call_command("disposals", "replay", "--unmarked")
    assert "Keys destroyed again: 1" in capsys.readouterr().out
    check_keys()


def test_whether_a_case_is_on_it_is_read_once_until_it_was_written_to(monkeypatch):
    known, later = uuid4(), uuid4()
    disposals.enter(known, uuid4())
    read = []
    monkeypatch.setattr(disposals, "parsed", lambda *given: read.append(1) or parsed(*given))
    disposed = disposals.Disposed()
    assert [disposed.names(each) for each in (known, later, None)] == [True, False, False]
    assert disposed.names(known)
    assert len(read) == 1
    disposals.enter(later, uuid4())
    assert disposed.names(later)


def test_only_replay_takes_unmarked():
    with pytest.raises(CommandError, match="Only `replay`"):
        call_command("disposals", "carry-out", "--unmarked")


def test_a_register_of_another_ring_is_said(register, settings, tmp_path):
    disposals.enter(uuid4(), uuid4())
    CaseKey.objects.all().delete()
    settings.KEYRING_FILE = tmp_path / "another.json"
    create_keyring_file(settings.KEYRING_FILE)
    with pytest.raises(RegisterFault, match="of another key ring"):
        check_keys()


def test_what_is_left_of_a_row_can_still_be_saved(case):
    note = a_note(case)
    destroy_case_key(case.pk)
    left = Note.objects.get(pk=note.pk)
    before = left.__dict__["title"].token
    left.save()
    again = Note.objects.get(pk=note.pk)
    assert again.version == left.version == 2
    assert again.__dict__["title"].token == before
    again.title = "Something new"
    with pytest.raises(KeyDestroyed):
        again.save()
    assert Note.objects.get(pk=note.pk).version == 2
    with pytest.raises(KeyDestroyed):
        Note(case=case, title="new row").save()
