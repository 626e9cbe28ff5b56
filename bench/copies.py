"""Many open requests like some that are there, of which pages can open what they list."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from bench.costs import Work, once
from bench.filling import _copy
from bench.world import got
from encryption import fields
from encryption.casekeys import create_case_key
from encryption.errors import EncryptionFault
from requests_app.models import InformationRequest
from tests import walks
from tests.cast import Cast

KINDS: Final = 4  # of open requests: one in so many is of each
OF_A_CASE: Final = ("requests_app", "decisions")
NEXT: Final = re.compile(r'href="(\?[^"]*after=[^"]+)"')


def open_ones(cast: Cast, until: int) -> None:
    """So many open requests, a part of them in each place where something waits."""
    kinds = (
        walks.sent(cast),
        walks.accepted(cast),
        walks.taken(cast).case,
        walks.shared(cast).case,
    )
    for number, case in enumerate(kinds):
        _copies(case, number * until // KINDS, (number + 1) * until // KINDS)


def _copies(case: InformationRequest, since: int, until: int) -> None:
    """Copies of a request and of all that belongs to it, under ids that follow from theirs."""
    rows: list[Model] = [case, *_rows_of(case)]
    ids = {row.pk for row in rows if isinstance(row.pk, UUID)}
    for row in rows:
        columns = {
            str(each.column): getattr(row, each.attname) for each in row._meta.concrete_fields
        }
        other: dict[str, str | None] = {
            name: f"md5('{key}' || n)::uuid"
            for name, key in columns.items()
            if isinstance(key, UUID) and key in ids
        }
        if not isinstance(row.pk, UUID):
            other[str(row._meta.pk.column)] = None  # the database numbers it
        if "reference" in columns:
            other["reference"] = f"'{row._meta.model_name:.1} ' || n".upper()
        _copy(row, other, since, until)


def _rows_of(case: InformationRequest) -> Iterator[Model]:
    for label in OF_A_CASE:
        for model in apps.get_app_config(label).get_models():
            names = {field.name for field in model._meta.concrete_fields}
            if "case" in names and not hasattr(model, "history_id"):
                yield from model._default_manager.filter(case=case.pk)


def last_page(client: Client, there: str, *, half_way: int) -> str:
    """The address of a list's page half-way down, which is so many pages on, if there are."""
    with opened_anyway():
        where = there
        for _page in range(half_way):
            found = NEXT.search(got(client, where).content.decode())
            if not found:
                break
            where = there.partition("?")[0] + found[1].replace("&amp;", "&")
    return where


def readable(works: Mapping[str, Work]) -> None:
    """Seal anew, under keys of their own, what they open of the copies, until they open all."""
    for get in once(works):
        closed: list[tuple[Any, Any]] | None = None
        while closed is None or closed:
            with opened_anyway() as closed:
                get()
            for row, field in closed:
                _seal(row, field)


@contextmanager
def opened_anyway() -> Iterator[list[tuple[Any, Any]]]:
    """Of a cell that no key opens, say something all the same; which these were."""
    stock, closed = fields.SealedField.opened, []

    def opened(field: Any, instance: Any, held: object) -> Any:
        try:
            return stock(field, instance, held)
        except EncryptionFault:
            closed.append((instance, field))
            return _instead(field)

    fields.SealedField.opened = opened  # type: ignore[assignment,method-assign]
    try:
        yield closed
    finally:
        fields.SealedField.opened = stock  # type: ignore[method-assign]


def _instead(field: Any) -> Any:
    return date(2015, 3, 27) if field.kind is date else field.kind("Zed")


def _seal(row: Any, field: Any) -> None:
    place = field.place(row)
    create_case_key(place.case_id)
    token = field.sealed(row, _instead(field)).token
    table, key = row._meta.db_table, row._meta.pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"UPDATE {table} SET {field.column} = %s WHERE {key.column} = %s",  # noqa: S608
            [token, row.pk],
        )
