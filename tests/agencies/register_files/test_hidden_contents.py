"""Files of the register that hold more than they seem to: marks, sheets, lines out of sight."""

import io

import openpyxl
import pytest
from django.core import signing
from django.urls import reverse

from agencies.register_files.columns import COLUMNS, stamp
from agencies.register_files.forms import SALT
from agencies.register_files.import_export import MOST_ROWS
from tests.agencies.register_files.test_register_files import NEW, as_csv, sheet, text, upload

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A-REGISTER")]


@pytest.fixture
def client(signed_in):
    return signed_in("administrator")


def test_a_mark_that_cannot_be_seen_makes_no_second_agency(client):
    page = upload(client, as_csv(NEW, NEW | {"name": "Anytown \u202eElm School"}))
    assert [row.what for row in page.context["report"].rows] == ["new", "refused"]
    assert "Row 2 of the file is about this agency already." in text(page)


def test_nothing_of_a_sheet_is_left_out_unsaid(client):
    rows = [[(NEW | {"name": f"School {n}"}).get(name) for name in COLUMNS] for n in range(1_002)]
    page = upload(client, sheet(*[[]] * 10, COLUMNS, *rows))
    assert page.status_code == 422
    assert f"more than {MOST_ROWS:,} rows" in text(page)
    assert upload(client, sheet([], COLUMNS, rows[0])).context["report"].count("new") == 1
    book = openpyxl.load_workbook(io.BytesIO(sheet(COLUMNS, rows[0])))
    book.create_sheet("Empty")
    book.create_sheet("Schools").append(COLUMNS)
    out = io.BytesIO()
    book.save(out)
    page = upload(client, out.getvalue())
    assert page.status_code == 422
    assert "More than one sheet of the file holds text" in text(page)


def test_a_report_that_another_edition_carries_otherwise_is_asked_for_anew(client, cast):
    by = [str(cast.users["administrator"].pk), str(cast.agencies["office"].pk)]
    carried = {"headings": list(COLUMNS), "table": [], "seen": stamp(), "by": by}
    token = signing.dumps(carried, salt=SALT, compress=True)
    page = client.post(reverse("agencies:register_import"), {"report": token})
    assert page.status_code == 422
    assert "Choose the file again" in text(page)
