"""The sample tables, a case with its key, and a case with a row in nearly every table."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from encryption.casekeys import create_case_key
from requests_app.models import InformationRequest
from tests.cast import Cast
from tests.encryption.sample.models import TABLES, Case, Note
from tests.encryption.whole_case import a_whole_case
from tests.kept_state import KeptState
from tests.plugins.rows import Empty


@pytest.fixture(scope="session")
def sample_tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the tables of the sample models, which have no migrations."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in TABLES:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in reversed(TABLES):
                editor.delete_model(model)


@pytest.fixture
def new_case(sample_tables: None, db: None) -> Callable[[], Case]:
    """Open a case: first its key, then its row."""

    def make(reason: str = "Because.") -> Case:
        case = Case(reason=reason)
        create_case_key(case.id)
        case.save()
        return case

    return make


@pytest.fixture
def case(new_case: Callable[[], Case]) -> Case:
    return new_case()


@pytest.fixture
def note(case: Case) -> Note:
    """A saved note, loaded afresh."""
    note = Note(case=case, title="Zebedee", body="Marmalade")
    note.save()
    return Note.objects.get(pk=note.pk)


@pytest.fixture
def files_dir(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture(scope="session")
def kept_whole_case(django_db_setup: Empty, tmp_path_factory: pytest.TempPathFactory) -> KeptState:
    """What every test's ``whole_case`` comes from."""
    return KeptState(a_whole_case, django_db_setup, tmp_path_factory.mktemp("whole_case") / "files")


@pytest.fixture
def whole_case(cast: Cast, kept_whole_case: KeptState, files_dir: Path) -> InformationRequest:
    """``a_whole_case``, for tests that commit."""
    case: InformationRequest = kept_whole_case.reach(cast)
    return case
