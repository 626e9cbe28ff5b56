"""Every way around save(): none of them writes a plain value, compares with one or shows one."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import DatabaseError, models, transaction
from django.db.models import Case as When_
from django.db.models import F, Max, Q, Value, When
from django.db.models.functions import Concat, Length, Upper
from django.forms.models import model_to_dict, modelform_factory

from encryption.values import Sealed
from tests.encryption.looking import shows_nothing, stored
from tests.encryption.sample.models import Note

WRITES: dict[str, Callable[[Note], Any]] = {
    "update": lambda _note: Note.objects.update(title="Zebedee"),
    "update to empty": lambda _note: Note.objects.update(title=""),
    "update with bytes": lambda _note: Note.objects.update(title=b"Zebedee"),
    "update with a date": lambda _note: Note.objects.update(born_on=date(2015, 2, 28)),
    "update from another column": lambda _note: Note.objects.update(title=F("status")),
    "update from a sealed column": lambda _note: Note.objects.update(title=F("body")),
    "update with an expression": lambda _note: Note.objects.update(title=Value("Zebedee")),
    "update with an expression of bytes": lambda _note: Note.objects.update(
        title=Value(b"Zebedee", output_field=models.BinaryField())
    ),
    "update with a choice": lambda note: Note.objects.update(
        title=When_(When(pk=note.pk, then=Value("Zebedee")))
    ),
    "update of the base manager": lambda _note: Note._base_manager.update(title="Zebedee"),
    "bulk update as loaded": lambda note: Note.objects.bulk_update([note], ["title"]),
    "bulk update": lambda note: Note.objects.bulk_update([_retitled(note)], ["title"]),
    "bulk create": lambda note: Note.objects.bulk_create([Note(case=note.case, title="Zebedee")]),
    "bulk create that updates": lambda note: Note.objects.bulk_create(
        [_retitled(note)], update_conflicts=True, update_fields=["title"], unique_fields=["id"]
    ),
    "save of a copied history row": lambda note: note.history.model(
        title="Zebedee", id=note.id, case_id=note.case_id, history_date=datetime.now(UTC)
    ).save(),
    "save_base": lambda note: _retitled(note).save_base(),
    "raw save_base": lambda note: _retitled(note).save_base(raw=True),
    "update_or_create": lambda note: Note.objects.update_or_create(
        pk=note.pk, defaults={"title": "Zebedee"}
    ),
    "update_fields": lambda note: _retitled(note).save(update_fields=["title"]),
    "a column of the serializer": lambda note: next(
        serializers.deserialize(
            "python",
            [{"model": "encryption_sample.note", "pk": str(note.pk), "fields": {"title": "Z"}}],
        )
    ).save(),
    "a bare value in memory": lambda note: (note.__dict__.update(title="Zebedee"), note.save()),
}


def _retitled(note: Note) -> Note:
    note.title = "Zebedee"
    return note


@pytest.mark.parametrize("attempt", WRITES.values(), ids=WRITES)
def test_nothing_but_save_writes(attempt: Callable[[Note], Any], note: Note) -> None:
    before = stored(), stored("encryption_sample_historicalnote")
    refusals = (FieldError, TypeError, serializers.base.DeserializationError)
    with pytest.raises(refusals) as refused, transaction.atomic():
        attempt(note)
    shows_nothing(refused.value)
    assert (stored(), stored("encryption_sample_historicalnote")) == before


LOOKUPS: dict[str, Callable[[], Any]] = {
    name: lambda name=name: list(Note.objects.filter(**{f"title__{name}": "Zebedee"}))
    for name in (
        "exact", "iexact", "contains", "icontains", "in", "gt", "gte", "lt", "lte", "startswith",
        "istartswith", "endswith", "iendswith", "range", "regex", "iregex", "year", "length",
    )
} | {
    "none given": lambda: list(Note.objects.filter(title="Zebedee")),
    "excluded": lambda: list(Note.objects.exclude(Q(title="Zebedee"))),
    "with a sealed value": lambda: list(Note.objects.filter(title=Sealed(b"x"))),
    "with another column": lambda: list(Note.objects.filter(title=F("body"))),
    "by date": lambda: list(Note.objects.filter(born_on=date(2015, 2, 28))),
    "get_or_create": lambda: Note.objects.get_or_create(title="Zebedee"),
    "in a choice": lambda: list(Note.objects.annotate(x=When_(When(title="Z", then=1)))),
}  # fmt: skip


@pytest.mark.parametrize("attempt", LOOKUPS.values(), ids=LOOKUPS)
def test_nothing_compares(attempt: Callable[[], Any], note: Note) -> None:
    with pytest.raises(FieldError) as refused:
        attempt()
    shows_nothing(refused.value)


def test_whether_there_is_a_value_may_be_asked(note: Note) -> None:
    assert Note.objects.filter(born_on__isnull=True, title__isnull=False).get() == note


EVERYTHING = "SELECT * FROM encryption_sample_note"
READS: dict[str, Callable[[], Any]] = {
    "values": lambda: list(Note.objects.values()),
    "values of a column": lambda: list(Note.objects.values("title", "born_on")),
    "values_list": lambda: list(Note.objects.values_list("title", flat=True)),
    "through a relation": lambda: list(Note.objects.values("case__reason", "title")),
    "an expression": lambda: list(Note.objects.values(x=F("title"))),
    "an annotation": lambda: list(Note.objects.annotate(x=F("title")).values("x")),
    "an order": lambda: list(Note.objects.order_by("title").values("title")),
    "raw": lambda: [each.__dict__ for each in Note.objects.raw(EVERYTHING)],
    "the query's text": lambda: Note.objects.values("title").query,
    "history": lambda: list(Note.history.values()),
}  # fmt: skip


@pytest.mark.parametrize("attempt", READS.values(), ids=READS)
def test_reading_around_the_attribute_gives_sealed_values(
    attempt: Callable[[], Any], note: Note
) -> None:
    shows_nothing(attempt())


@pytest.mark.parametrize("function", [Upper, Length, Max, lambda name: Concat(name, Value("x"))])
def test_functions_of_the_database_see_ciphertext(function: Any, note: Note) -> None:
    """Whether PostgreSQL computes something on the bytes or refuses, there is nothing to see."""
    try:
        with transaction.atomic():
            found: object = list(Note.objects.annotate(x=function("title")).values("x"))
    except (DatabaseError, FieldError) as fault:
        found = fault
    shows_nothing(found)


SHOWS: dict[str, Callable[[Note], Any]] = {
    "model_to_dict": model_to_dict,
    "json": lambda note: serializers.serialize("json", [note]),
    "python": lambda note: serializers.serialize("python", [note]),
    "value_from_object": lambda note: Note._meta.get_field("title").value_from_object(note),
    "value_to_string": lambda note: Note._meta.get_field("title").value_to_string(note),
    "a model form": lambda _note: modelform_factory(Note, fields="__all__"),
    "differences of history": lambda note: note.history.first().diff_against(note.history.last()),
}


@pytest.mark.parametrize("attempt", SHOWS.values(), ids=SHOWS)
def test_django_shows_it_nowhere(attempt: Callable[[Note], Any], note: Note) -> None:
    note.save()
    with pytest.raises(FieldError) as refused:
        attempt(note)
    shows_nothing(refused.value)
