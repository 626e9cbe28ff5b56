"""Everything sealed is opened and counted; what is broken is named, its content never."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from encryption import verifying
from encryption.casekeys import destroy_case_key
from encryption.verifying import open_everything
from tests.encryption.sample.models import TABLES, Case

NewCase = Callable[[str], Case]


@pytest.fixture(autouse=True)
def _sample_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample belongs to no installed application, so it is named here beside the others."""
    real = verifying.sealed_models()
    monkeypatch.setattr(verifying, "sealed_models", lambda: [*real, *TABLES])


def test_tables_of_records_and_of_their_history_are_found() -> None:
    found = {model._meta.label for model in verifying.sealed_models()}
    assert {"requests_app.Subject", "requests_app.HistoricalSubject"} <= found


def test_cells_and_cells_of_history_are_counted(new_case: NewCase) -> None:
    before = open_everything(lambda _done: None)
    new_case("Zebedee fell")
    after = open_everything(lambda _done: None)
    assert after.opened["cells"] == before.opened["cells"] + 1
    assert after.opened["cells of history"] == before.opened["cells of history"] + 1
    assert after.broken == before.broken == 0


@pytest.mark.clause("ISA-7.2", part=True)
def test_what_is_broken_is_named_without_content(new_case: NewCase, capsys: Any) -> None:
    case = new_case("Zebedee fell")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Case._meta.db_table} SET reason = %s WHERE id = %s",  # noqa: S608
            [b"Zebedee fell" * 20, case.pk],
        )
    with pytest.raises(CommandError, match="1 do not open"):
        call_command("keys", "verify")
    said = capsys.readouterr().out
    assert f"Case {case.pk}: reason" in said
    assert "Zebedee" not in said


@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
def test_destroyed_cases_are_no_fault(new_case: NewCase, capsys: Any) -> None:
    # No installed application has the sample: what other tests committed is never flushed.
    with connection.cursor() as cursor:
        for model in reversed(TABLES):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
    case = new_case("Zebedee fell")
    destroy_case_key(case.pk)
    call_command("keys", "verify")
    said = capsys.readouterr().out
    assert "1 cells of destroyed cases, which nothing opens" in said
    assert "Everything opens that should." in said
