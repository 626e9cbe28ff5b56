"""A walk that is put back leaves what it left, and is walked anew where it might lead elsewhere."""

import pytest
from django.db import connection

from requests_app.models import InformationRequest
from tests import walks
from tests.agreement import walks as editions
from tests.house.world import undone
from tests.patience import PATIENCE
from tests.plugins import checkpoints
from tests.plugins.checkpoints import HERE
from tests.plugins.rows import Rows

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture(autouse=True)
def patient():
    """However busy the machine is, what was walked a moment ago is young."""
    before, checkpoints.YOUNG = checkpoints.YOUNG, PATIENCE
    yield
    checkpoints.YOUNG = before


def walked(cast, kept_cast, way, *args):
    """What a walk gives back from the cast alone, and every row there is then."""
    with undone():
        HERE.begin(cast, kept_cast.rows)
        given = way(cast, *args)
        return given.pk, Rows.of_now().copies


@pytest.mark.parametrize(
    "way", [walks.a_draft, walks.shared, walks.released, editions.a_new_edition]
)
def test_it_leaves_every_row_of_both_databases_as_it_was(cast, kept_cast, way):
    first, rows = walked(cast, kept_cast, way)
    again, same = walked(cast, kept_cast, way)
    assert again == first
    for alias, tables in rows.items():
        for table, copy in tables.items():
            assert sorted(same[alias][table].splitlines()) == sorted(copy.splitlines()), table


def test_other_arguments_lead_elsewhere(cast, kept_cast):
    first, _rows = walked(cast, kept_cast, walks.shared, "trust")
    assert walked(cast, kept_cast, walks.shared, "police")[0] != first


def test_the_next_walk_goes_on_from_there(cast):
    case = walks.accepted(cast)
    decision = walks.shared(cast, case=case)
    assert decision.case_id == case.pk
    assert walks.refused(cast, case=case).case_id == case.pk


def test_what_was_undone_is_walked_again(cast):
    with undone():
        first = walks.sent(cast)
    assert not InformationRequest.objects.exists()
    assert walks.sent(cast).pk != first.pk
    assert InformationRequest.objects.count() == 1


def test_beside_what_pages_write_it_is_put_back_and_beside_anything_else_walked(
    cast, kept_cast, signed_in
):
    first, _rows = walked(cast, kept_cast, walks.sent)
    with undone():
        HERE.begin(cast, kept_cast.rows)
        client = signed_in("officer")
        assert walks.sent(cast).pk == first
        assert client.get("/").status_code == 200  # still signed in
    with undone():
        HERE.begin(cast, kept_cast.rows)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE agencies_agency SET name = name || ' again'")
        assert walks.sent(cast).pk != first


def test_with_other_settings_it_is_walked_anew(cast, kept_cast, settings):
    first, _rows = walked(cast, kept_cast, walks.sent)
    settings.LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
    assert walked(cast, kept_cast, walks.sent)[0] != first


def test_with_other_code_it_is_walked_anew(cast, kept_cast, monkeypatch):
    first, _rows = walked(cast, kept_cast, walks.sent)
    monkeypatch.setattr(walks, "TODAY", walks.TODAY)
    assert walked(cast, kept_cast, walks.sent)[0] != first


def test_what_is_too_old_is_walked_anew(cast, kept_cast):
    first, _rows = walked(cast, kept_cast, walks.sent)
    for known in HERE.start.onwards.values():
        known.made -= PATIENCE + 1
    assert walked(cast, kept_cast, walks.sent)[0] != first
