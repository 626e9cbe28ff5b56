"""Saving: the version is bound into the seals, and is the lock of whoever read before writing."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import FieldError
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from encryption.casekeys import destroy_case_key
from encryption.errors import KeyDestroyed, SealBroken, StaleRow
from encryption.values import Sealed
from tests.encryption.sample.models import Case, Note
from tests.patience import PATIENCE


def test_each_save_seals_everything_anew(note: Note) -> None:
    before = dict(note.__dict__)
    note.status = "sent"
    note.save()
    again = Note.objects.get(pk=note.pk)
    assert (again.version, again.title, again.body) == (2, "Zebedee", "Marmalade")
    assert again.__dict__["title"] != before["title"]
    assert again.__dict__["body"] != before["body"]


def test_a_save_costs_one_look_at_the_keystore_and_one_update(note: Note) -> None:
    keystore = CaptureQueriesContext(connections["keystore"])
    with CaptureQueriesContext(connection) as writes, keystore as keys:
        note.save()
    assert len(keys) == 1
    assert [each["sql"].split()[0] for each in writes] == ["UPDATE", "INSERT"]  # and its history
    assert '"version" = 1' in writes[0]["sql"].partition("WHERE")[2]


def test_of_two_who_read_the_same_row_the_second_is_told(note: Note) -> None:
    other = Note.objects.get(pk=note.pk)
    note.title = "First"
    note.save()
    other.title, other.born_on, other.status = "Second", date(2015, 2, 28), "sent"
    before = dict(other.__dict__)
    with pytest.raises(StaleRow, match="Read it again"), transaction.atomic():
        other.save()
    assert other.__dict__ == before
    assert (other.title, other.body, other.version) == ("Second", "Marmalade", 1)
    assert Note.objects.get(pk=note.pk).title == "First"
    assert note.history.count() == 2


def test_a_row_that_is_gone_is_stale_and_is_not_made_again(note: Note) -> None:
    Note.objects.filter(pk=note.pk).delete()
    with pytest.raises(StaleRow):
        note.save()
    assert not note._state.adding


@pytest.mark.parametrize("kind", ["force_insert", "force_update"])
def test_a_save_is_what_it_must_be(kind: str, note: Note, case: Case) -> None:
    row = note if kind == "force_insert" else Note(case=case)
    with pytest.raises(FieldError, match="never otherwise"):
        row.save(**{kind: True})


def test_create_is_an_ordinary_save(case: Case) -> None:
    assert Note.objects.create(case=case, title="Zebedee").version == 1


def test_an_instance_is_as_before_when_the_database_refuses(case: Case) -> None:
    note = Note(case=case, title="Zebedee", status="x" * 30)
    before = dict(note.__dict__)
    with pytest.raises(Exception, match="too long"), transaction.atomic():
        note.save()
    assert note.__dict__ == before
    assert note._state.adding
    note.status = "draft"
    note.save()
    assert (note.version, Note.objects.get(pk=note.pk).title) == (1, "Zebedee")


def test_history_opens_at_every_version(note: Note) -> None:
    for title in ("Second", "Third"):
        note.title = title
        note.save()
    rows = list(note.history.order_by("version"))
    assert [(each.version, each.title) for each in rows] == [
        (1, "Zebedee"), (2, "Second"), (3, "Third"),
    ]  # fmt: skip
    assert rows[-1].__dict__["title"] == note.__dict__["title"]
    assert note.case.history.get().reason == "Because."
    assert note.history.defer("title").first().title == "Third"


def test_history_does_not_open_once_the_key_is_destroyed(note: Note) -> None:
    destroy_case_key(note.case_id)
    with pytest.raises(KeyDestroyed):
        _ = note.history.get().title


def test_history_cannot_be_put_back(note: Note) -> None:
    note.title = "Second"
    note.save()
    first = note.history.get(version=1)
    revived = first.instance
    with pytest.raises(FieldError, match="cannot be put back"):
        revived.save()
    note.__dict__["title"] = first.__dict__["title"]
    with pytest.raises(SealBroken):
        note.save()
    current = Note.objects.get(pk=note.pk)
    assert current.title == "Second"
    for values in ({"title": first.__dict__["title"]}, {"body": first.__dict__["body"]}):
        Note.objects.filter(pk=note.pk).update(**values)
        with pytest.raises(SealBroken):
            _ = [getattr(Note.objects.get(pk=note.pk), name) for name in values]


def test_refreshing_copies_sealed_bytes(note: Note) -> None:
    other = Note.objects.get(pk=note.pk)
    other.title = "Second"
    other.save()
    assert note.case == other.case
    destroy_case_key(note.case_id)  # so anything that opens a value would fail
    note.refresh_from_db()
    assert note.__dict__["title"] == other.__dict__["title"]
    assert isinstance(note.__dict__["title"], Sealed)
    assert note.version == 2
    note.refresh_from_db(fields=["title", "status", "case"])
    note.refresh_from_db(from_queryset=Note.objects.select_related("case"))
    with CaptureQueriesContext(connection) as queries:
        _ = note.case.pk, note.case.changed_at
    assert len(queries) == 0


def test_part_of_a_newer_row_is_refused(note: Note) -> None:
    late = Note.objects.defer("title", "status").get()
    partial = Note.objects.get()
    note.save()
    for attempt in (
        lambda: late.title,
        lambda: late.status,
        lambda: partial.refresh_from_db(fields=["body"]),
    ):
        with pytest.raises(StaleRow):
            attempt()
    assert partial.body == "Marmalade"
    partial.refresh_from_db()
    assert (partial.version, partial.body) == (2, "Marmalade")


def test_take_from_takes_the_same_row_only(note: Note, case: Case) -> None:
    fresh = Note.objects.get(pk=note.pk)
    fresh.save()
    note.title = "Typed and dropped"
    note.take_from(fresh)
    assert (note.title, note.version) == ("Zebedee", 2)
    note.save()
    other = Note.objects.create(case=case)
    for wrong in (other, case):
        with pytest.raises(ValueError, match="same row"):
            note.take_from(wrong)
    note.take_from(Note.objects.defer("body").get(pk=note.pk))
    assert note.get_deferred_fields() == {"body"}


def together(count: int, act: Callable[[threading.Barrier], None]) -> list[Exception]:
    """Run ``act`` in real threads at once, each on its own connections."""
    barrier, faults = threading.Barrier(count), []

    def run() -> None:
        try:
            act(barrier)
        except Exception as fault:  # noqa: BLE001 - given back
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return faults


@pytest.mark.parametrize("atomic", [False, True])
def test_of_two_at_once_one_writes(atomic: bool, transactional_db: None, note: Note) -> None:
    for turn in range(10):

        def act(barrier: threading.Barrier, turn: int = turn) -> None:
            mine = Note.objects.get(pk=note.pk)
            mine.title = f"{turn} {threading.get_ident()}"
            barrier.wait(PATIENCE)
            if atomic:
                with transaction.atomic():
                    mine.save()
            else:
                mine.save()

        faults = together(2, act)
        assert [type(each) for each in faults] == [StaleRow]
        current = Note.objects.get(pk=note.pk)
        assert current.version == turn + 2
        assert current.title.startswith(f"{turn} ")
    Note.objects.all().delete()
    Case.objects.all().delete()
