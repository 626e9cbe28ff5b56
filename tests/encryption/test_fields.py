"""Sealed columns: what opens, where, and what memory holds."""

import json
import pickle
from collections.abc import Callable
from copy import copy, deepcopy
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - to prove it is lost
from hypothesis import given
from hypothesis import strategies as st

from encryption.casekeys import create_case_key, destroy_case_key, prefetch_case_keys
from encryption.checks import labels_are_unique
from encryption.errors import KeyDestroyed, KeyMissing, SealBroken
from encryption.fields import SealedDateField, SealedTextField, text_problem
from encryption.models import raw_values, sealed_digest
from encryption.unit_of_work import key_cache
from encryption.values import Sealed, Unsealed
from tests.encryption.looking import SECRETS, raw, shows_nothing, stored
from tests.encryption.sample.models import Case, Note


def test_what_is_saved_is_read_again_and_is_not_in_the_database(note: Note) -> None:
    assert (note.title, note.body, note.born_on) == ("Zebedee", "Marmalade", None)
    note.born_on = date(2015, 2, 28)
    note.title = ""
    note.save()
    again = Note.objects.get(pk=note.pk)
    assert (again.title, again.born_on) == ("", date(2015, 2, 28))
    everything = stored()
    assert not any(secret.encode() in everything for secret in (*SECRETS, "2015-02-28"))
    assert str(note.pk).encode() in everything  # it would have been found


def test_memory_holds_no_plain_value(note: Note) -> None:
    assert all(isinstance(note.__dict__[name], Sealed) for name in ("title", "body"))
    note.title = "Zebedee"
    assert isinstance(note.__dict__["title"], Unsealed)
    assert note.title == "Zebedee"
    shows_nothing(note.__dict__)
    shows_nothing(note)
    note.save()
    assert isinstance(note.__dict__["title"], Sealed)


@pytest.mark.parametrize("make", [lambda: Sealed(b"Zebedee"), lambda: Unsealed("Zebedee")])
def test_held_values_are_opaque(make: Callable[[], Any]) -> None:
    value = make()
    shows_nothing(value)
    shows_nothing(f"{value} {value:>30} {[value]}")
    for attempt in (
        lambda: pickle.dumps(value),
        lambda: json.dumps(value),
        lambda: json.dumps({"a": [value]}),
        lambda: bytes(value),
        lambda: len(value),
        lambda: list(value),
    ):
        with pytest.raises(TypeError) as refused:
            attempt()
        shows_nothing(refused.value)
    with pytest.raises(AttributeError):
        value._held = b"other"
    assert value != "Zebedee"
    assert not hasattr(value, "__dict__")


def test_sealed_values_are_equal_only_as_bytes() -> None:
    assert Sealed(b"x") == Sealed(b"x")
    assert Sealed(b"x") != Sealed(b"y")
    assert Sealed(b"x") != b"x"
    assert len({Sealed(b"x"), Sealed(b"x")}) == 1
    assert deepcopy(Sealed(b"x")) == Sealed(b"x")
    assert Unsealed("x") != Unsealed("x")
    with pytest.raises(TypeError):
        deepcopy(Unsealed("x"))
    with pytest.raises(TypeError):
        Sealed("text")  # type: ignore[arg-type]


def test_an_instance_is_never_pickled_or_copied(note: Note) -> None:
    note.title = "Zebedee"
    for attempt in (pickle.dumps, copy, deepcopy):
        with pytest.raises(TypeError, match="pass the row's id") as refused:
            attempt(note)
        shows_nothing(refused.value)
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(note.history.get())


def test_a_value_opens_in_no_other_place(note: Note, new_case: Callable[[], Case]) -> None:
    token = note.__dict__["title"].token
    sister = Note(case=note.case, title="Sister", body="Sister")
    sister.save()
    strangers = Note(case=new_case(), title="Other", body="Other")
    strangers.save()
    older = note.__dict__["body"].token
    note.save()
    flipped = bytes([*note.__dict__["title"].token[:-1], note.__dict__["title"].token[-1] ^ 1])
    for swapped in (
        raw(sister, title=token),
        raw(strangers, title=token),
        raw(note, body=note.__dict__["title"].token, title=flipped),
    ):
        with pytest.raises(SealBroken) as refused:
            _ = swapped.title
        shows_nothing(refused.value)
    for put_back in (raw(note, body=older), raw(note, body=note.__dict__["title"].token)):
        with pytest.raises(SealBroken, match=r"note\.body of row"):
            _ = put_back.body
        with pytest.raises(SealBroken):
            put_back.save()


def test_a_row_moved_to_another_case_or_version_does_not_open(
    note: Note, new_case: Callable[[], Case]
) -> None:
    other = new_case()
    with pytest.raises(SealBroken):
        _ = raw(note, case_id=other.pk).title
    with pytest.raises(SealBroken):
        _ = raw(note, case_id=note.case_id, version=2).title
    assert raw(note, version=1).title == "Zebedee"


def test_a_case_without_a_key_cannot_be_written_and_a_destroyed_one_not_read(note: Note) -> None:
    case = Case(reason="Zebedee")
    with pytest.raises(KeyMissing) as refused:
        case.save()
    shows_nothing(refused.value)
    assert (case.version, case.reason) == (0, "Zebedee")
    destroy_case_key(note.case_id)
    for row in (Note.objects.get(pk=note.pk), note.history.get()):
        assert row.status == "draft"
        with pytest.raises(KeyDestroyed):
            _ = row.title
    assert len(sealed_digest(Note.objects.get(pk=note.pk))) == 64


def test_a_deferred_column_opens_if_its_version_came_with_the_row(note: Note) -> None:
    late = Note.objects.defer("title").get()
    assert late.title == "Zebedee"
    assert isinstance(late.__dict__["title"], Sealed)
    assert Note.objects.only("title", "version", "case_id").get().title == "Zebedee"
    for without in ("version", "case"):
        with pytest.raises(FieldError, match=f"loaded without {without}"):
            _ = Note.objects.defer(without).get().title
    with pytest.raises(FieldError, match="Read the whole row first"):
        Note.objects.defer("title").get().save()


def test_a_list_asks_for_its_keys_once(new_case: Callable[[], Case]) -> None:
    for _ in range(5):
        case = new_case()
        Note(case=case, title="Zebedee", body="Marmalade").save()
    with key_cache(), CaptureQueriesContext(connection) as queries:
        notes = list(Note.objects.all())
        prefetch_case_keys(each.case_id for each in notes)
        assert [(each.title, each.body) for each in notes] == [SECRETS] * 5
    assert len(queries) == 1


@given(st.text(max_size=2000))
def test_any_text_survives_or_is_refused_in_plain_words(text: str) -> None:
    field = SealedTextField(label="test.text")
    if problem := text_problem(text):
        assert problem.startswith("Remove")
        with pytest.raises(ValueError, match="Remove"):
            field.encoded(text)
        with pytest.raises(ValidationError):
            field.to_python(text)
    else:
        assert field.decoded(field.encoded(text)) == text


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "x\udfffy"])
def test_what_cannot_be_kept(text: str, note: Note) -> None:
    note.title = text
    with pytest.raises(ValidationError):
        note.full_clean()
    with pytest.raises(ValueError, match="Remove"):
        note.save()
    assert (note.title, note.version) == (text, 1)


def test_bidi_marks_and_large_texts_are_kept(note: Note) -> None:
    note.title, note.body = "\u202eabc\u2069 👩‍👧", "é" * 1_000_000
    note.full_clean()
    note.save()
    again = Note.objects.get(pk=note.pk)
    assert (again.title, again.body) == (note.title, note.body)


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", 5), ("title", b"x"), ("title", F("body")), ("born_on", "2015-02-28"),
     ("born_on", datetime(2015, 2, 28, tzinfo=UTC)), ("born_on", 2015)],
)  # fmt: skip
def test_values_of_another_kind_are_refused_at_once(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=r"sample\.note\."):
        Note(**{name: value})


def test_text_marked_as_safe_comes_back_unmarked() -> None:
    note = Note(title=mark_safe("<b>"))
    assert type(note.title) is str
    assert not isinstance(note.title, SafeString)


def test_a_value_of_another_kind_under_a_good_seal_is_refused(note: Note) -> None:
    field = Note._meta.get_field("born_on")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SealedDateField, "encoded", lambda *_: b"Zebedee")
        held = field.sealed(note, date(2015, 2, 28))
    with pytest.raises(SealBroken, match="not a date") as refused:
        field.opened(note, held)
    shows_nothing(refused.value)


def test_a_field_is_made_again_from_its_description() -> None:
    field = Note._meta.get_field("born_on")
    _name, path, args, kwargs = field.deconstruct()
    assert path == "encryption.fields.SealedDateField"
    assert kwargs["label"] == "sample.note.born_on"
    assert SealedDateField(*args, **kwargs).deconstruct()[1:] == (path, args, kwargs)
    assert field.clone().label == field.label
    assert field.db_type(connection) == "bytea"


@pytest.mark.parametrize("option", ["unique", "primary_key", "db_index", "db_default", "choices"])
def test_options_that_compare_are_refused(option: str) -> None:
    with pytest.raises(TypeError, match=option):
        SealedTextField(label="test.option", **{option: [("a", "b")]})


@pytest.mark.parametrize("label", ["", "é", "x" * 101])
def test_a_label_is_needed(label: str) -> None:
    with pytest.raises(TypeError, match="label"):
        SealedTextField(label=label)


def test_adding_a_filled_column_in_a_migration_is_refused_plainly(sample_tables: None) -> None:
    field = SealedTextField(label="test.added", default="")
    field.set_attributes_from_name("added")
    with pytest.raises(FieldError, match="null=True and without a default"):
        connection.schema_editor().effective_default(field)


def test_labels_are_unique(monkeypatch: pytest.MonkeyPatch) -> None:
    from encryption import checks

    twins = [Case, Note, Note.history.model]
    monkeypatch.setattr(checks.apps, "get_models", lambda: twins)
    assert labels_are_unique() == []
    field = deepcopy(Note._meta.get_field("title"))
    monkeypatch.setattr(field, "label", "sample.case.reason")
    monkeypatch.setattr(checks, "sealed_fields", lambda _model: [field])
    assert [each.id for each in labels_are_unique()] == ["encryption.E001"]


def test_raw_values_open_nothing(note: Note) -> None:
    destroy_case_key(note.case_id)
    values = raw_values(note)
    assert values["title"] is note.__dict__["title"]
    assert set(values) == {each.attname for each in Note._meta.concrete_fields}
    with pytest.raises(FieldError, match="loaded without"):
        raw_values(Note.objects.defer("status").get())


def test_the_digest_changes_with_any_sealed_column_only(note: Note) -> None:
    first = sealed_digest(note)
    assert first == sealed_digest(Note.objects.get(pk=note.pk)) == sealed_digest(note.history.get())
    assert sealed_digest(raw(note, status="sent")) == first
    assert sealed_digest(raw(note, born_on=b"x")) != first
    assert sealed_digest(raw(note, born_on=b"")) != first
    note.title = "Zebedee"
    with pytest.raises(FieldError, match="not sealed yet"):
        sealed_digest(note)


def test_the_case_must_be_known(db: None) -> None:
    create_case_key(uuid4())
    with pytest.raises(FieldError, match="case_id"):
        Note(title="Zebedee").save()
