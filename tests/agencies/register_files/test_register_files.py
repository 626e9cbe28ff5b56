"""The register as files: taken out harmless, checked row by row, brought in whole or not at all."""

import csv
import io
import time
import zipfile
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.models import Agency, Contact
from agencies.register import actions
from agencies.register_files.columns import COLUMNS
from agencies.register_files.import_export import MOST_ROWS, as_it_was, harmless
from audit.models import AccessEntry, Event
from audit.selectors import access_entries
from tests.register import SAID, listed
from workflow.bootstrap import create_unattended

pytestmark = pytest.mark.django_db

COPIES, BRING, EXPORT = (
    reverse(f"agencies:{name}") for name in ("register_files", "register_import", "register_export")
)
NEW = {
    "name": "Anytown Elm School",
    "kind": "School or college",
    "controller": "Elm Trust",
    "telephone": "+44 151 496 0000",
    "domains": "elm-school.example",
    "privacy_notice": "https://elm-school.example/privacy",
    "open_days": "Monday Tue",
    "opens": "08:30",
    "closes": "4pm",
    "spoc_name": "Sören Invented",
    "spoc_email": "soren@elm-school.example",
    "spoc_telephone": "0151 496 0001",
    "manager_name": "Mira Invented",
    "manager_email": "mira@elm-school.example",
    "manager_telephone": "0151 496 0002",
}


def text(response):
    return response.content.decode()


@pytest.fixture
def client(signed_in):
    return signed_in("administrator")


def as_csv(*rows, columns=COLUMNS, encoding="utf-8"):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def upload(client, content, name="register.csv"):
    return client.post(COPIES, {"file": SimpleUploadedFile(name, content)})


def confirm(client, page):
    form = page.context["confirm"]
    return client.post(BRING, {"report": form["report"].value()}, follow=True)


def exported(client, kind="csv"):
    return client.post(EXPORT, {"kind": kind})


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.usefixtures("no_temporary_files")
def test_no_copy_of_the_register_is_laid_down_on_a_disk(cast, client):
    listed(cast, name="Anytown Ash School")
    book = openpyxl.load_workbook(io.BytesIO(exported(client, "xlsx").content))
    assert "Anytown Ash School" in {cell.value for row in book["Register"] for cell in row}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.clause("A-REGISTER")
def test_a_copy_comes_back_unchanged(cast, client, kind):
    listed(cast, name='=cmd|" /C calc"!A0', controller="@trust", phone="+44 151 496 0000")
    listed(cast, name="'=quoted", controller="''twice")
    gone = listed(cast, name="Gone")
    actions.leave(gone, by=cast.administrator, reason="closed", expected_version=None)
    content = exported(client, kind).content
    if kind == "csv":
        cells = [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        rows = [row for row in rows_of(content) if row["state"] != "left"]
        content = as_csv(*rows)
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        assert all(cell.data_type in ("s", "n", "inlineStr") for row in sheet for cell in row)
        for row in list(sheet.iter_rows(min_row=2)):
            if row[1].value == "left":
                sheet.delete_rows(row[0].row)
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    before = Event.objects.count()
    page = upload(client, content, f"register.{kind}")
    assert page.context["report"].count("unchanged") == 10
    assert "Everything in the file is already on the register." in text(page)
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        "'",
        "''",
        "'a",
        "=",
        "'=",
        "''=",
        "+1",
        "\tx",
        "\nx",
        "@",
        "-",
        "\uff1d1",
        "'\uff0b1",
    ],
)
def test_what_goes_out_harmless_comes_back_as_it_was(value):
    assert as_it_was(harmless(value)) == value
    assert not harmless(value).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.clause("ISA-6.3")
def test_each_export_is_noted_and_only_administrators_take_one(cast, client, signed_in):
    for who in cast.users:
        status = 200 if who == "administrator" else 404
        other = signed_in(who)
        assert other.post(EXPORT, {"kind": "xlsx"}).status_code == status
        assert other.get(COPIES).status_code == status
        assert other.post(BRING, {"report": "x"}).status_code in (404, 422)
    noted = AccessEntry.objects.get(kind="exported")
    assert noted.person == str(cast.administrator.user.pk)
    assert not access_entries(uuid4()).exists()
    assert "attachment" in exported(client)["Content-Disposition"]


@pytest.mark.clause("A-REGISTER")
def test_a_dry_run_says_row_by_row_what_would_change_and_changes_nothing(cast, client):
    agency = listed(cast)
    (row,) = [row for row in rows_of(exported(client).content) if row["id"] == str(agency.pk)]
    changed = row | {"name": "Anytown Ash Academy", "spoc_name": "Nadia Invented"}
    page = upload(client, as_csv(changed, NEW))
    assert page.status_code == 200
    said = text(page)
    assert "Anytown Ash School" in said
    assert "Anytown Ash Academy" in said
    assert "Sally Invented" in said
    assert "Nadia Invented" in said
    report = page.context["report"]
    assert [(row.number, row.what) for row in report.rows] == [(2, "changed"), (3, "new")]
    assert ("name", "Anytown Ash School", "Anytown Ash Academy") in report.rows[0].changes
    assert Agency.objects.get(pk=agency.pk).name == "Anytown Ash School"
    done = confirm(client, page)
    assert "1 new, 1 changed" in text(done)
    assert Agency.objects.get(pk=agency.pk).name == "Anytown Ash Academy"
    elm = Agency.objects.get(name="Anytown Elm School")
    assert (elm.open_days, elm.kind, elm.status) == ("12", "school", "listed")
    assert Contact.objects.get(agency=elm, post="spoc").name == "Sören Invented"
    held = Contact.objects.filter(agency=agency, post="spoc").order_by("status")
    assert [contact.status for contact in held] == ["current", "ended"]
    assert elm.history.get().history_user == cast.administrator.user
    assert Event.objects.filter(move="agency.change").count() == 1


@pytest.mark.clause("A-REGISTER")
def test_confirmed_twice_is_done_once(client):
    page = upload(client, as_csv(NEW))
    assert "1 new, 0 changed" in text(confirm(client, page))
    assert "is already on the register" in text(confirm(client, page))
    assert Agency.objects.filter(name="Anytown Elm School").count() == 1


def test_what_was_judged_is_what_is_confirmed(cast, client, signed_in):
    page = upload(client, as_csv(NEW))
    token = page.context["confirm"]["report"].value()
    for wrong in ("", "x", token[:-1] + ("A" if token[-1] != "A" else "B"), token[5:]):
        again = client.post(BRING, {"report": wrong})
        assert again.status_code == 422
        assert "Choose the file again" in text(again)
    # Somebody else changes the register in between.
    listed(cast)
    late = confirm(client, page)
    assert late.status_code == 409
    assert "The register has changed" in text(late)
    assert not Agency.objects.filter(name="Anytown Elm School").exists()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("name", "", "Enter the agency"),
        ("kind", "circus", "from the list"),
        ("name", "=1+1", "begins like a formula"),
        ("controller", "@SUM(A1)", "begins like a formula"),
        ("controller", " \u202e\x01=1+1", "begins like a formula"),
        ("controller", "\uff1d1+1", "begins like a formula"),
        ("privacy_notice", "ftp://elm.example", "begins with https"),
        ("spoc_email", "nobody", "correct format"),
        ("spoc_name", "", "Enter the name of the single point of contact"),
        ("opens", "soon", "like 9am or 17:30"),
        ("opens", "2026-08-01", "like 9am or 17:30"),
        ("open_days", "19", "from the list"),
        ("domains", "*.example", "cannot be a secure"),
        ("id", "1", "No agency on the register has this id"),
        ("state", "taking_part", "not changed by an import"),
        ("name", "Anytown Elm Schoo\u202el" * 40, "characters or less"),
        ("name", "<script>alert(1)</script>" * 20, "characters or less"),
    ],
)
def test_a_row_that_is_wrong_says_why_and_stops_the_whole_file(client, column, value, words):
    good = NEW | {"name": "Anytown Good School"}
    page = upload(client, as_csv(good, NEW | {column: value}))
    report = page.context["report"]
    assert (report.refused, report.count("new")) == (1, 1)
    assert column in dict(report.rows[1].errors)
    assert words in text(page)
    assert "Import the file" not in text(page)
    assert "<script>alert" not in text(page)
    assert confirm(client, page).status_code == 409
    assert not Agency.objects.filter(name="Anytown Good School").exists()


def test_a_name_stands_once_in_a_file(cast, client):
    page = upload(client, as_csv(NEW, NEW | {"name": NEW["name"].upper()}))
    assert "Row 2 of the file is about this agency already." in text(page)


@pytest.mark.clause("ISA-4.3-SPOC")
def test_an_import_empties_no_post(cast, client):
    listed(cast)
    (row,) = [r for r in rows_of(exported(client).content) if r["name"] == SAID["name"]]
    page = upload(client, as_csv(row | dict.fromkeys(row.keys() & {"spoc_name"}, "")))
    assert "Enter the name of the single point of contact" in text(page)
    # Where nobody holds it yet it may stay so.
    create_unattended(Agency, name="Bare", **{k: v for k, v in SAID.items() if k != "name"})
    (row,) = [r for r in rows_of(exported(client).content) if r["name"] == "Bare"]
    page = upload(client, as_csv(row | {"telephone": "0151 496 7777"}))
    assert page.context["report"].count("changed") == 1


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(f"{name}.xml", content)
    return out.getvalue()


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n", "empty"),
        (b"name,kind\nx,school\n", "These columns are missing"),
        (as_csv(NEW, columns=[*COLUMNS, "password"]), "These columns are not known: password"),
        (as_csv(NEW).replace(b"controller", b"name", 1), "stands above two columns"),
        (as_csv(NEW) + b"," * 40 + b"more\n", "more cells than there are headings"),
        (as_csv(NEW)[:-3] + b'"never closed', "no line of a CSV file"),
        (as_csv(NEW).replace(b"Elm", b"E\x00m"), "neither a CSV nor an XLSX"),
        (as_csv(NEW) + "Müller".encode() + "Müller".encode("cp1252"), "two character sets"),
        (
            as_csv(NEW | {"spoc_name": "Sally"}).replace(b"Elm", b"\x81"),
            "character set that is not known",
        ),
        (as_csv(NEW | {"controller": "x" * 5000}), "too long"),
        (b"PK\x03\x04 this is no archive", "XLSX file cannot be read"),
        (zipped(a="no sheet"), "XLSX file cannot be read"),
        (zipped(a="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "XLSX file cannot be read"),
        (zipped(a="0" * 60_000_000), "unpacks to more"),
        (b"a" * (4 * 1024 * 1024 + 1), "smaller than 4 MB"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "neither a CSV nor an XLSX"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(client, content, words):
    page = upload(client, content)
    assert page.status_code == 422
    assert words in text(page)
    assert Agency.objects.count() == 8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_usual_character_sets_are_read(client, encoding):
    page = upload(client, as_csv(NEW, encoding=encoding))
    assert page.context["report"].count("new") == 1
    assert "Sören Invented" in text(page)


def test_semicolons_and_sheets_are_read_too(client):
    semicolons = as_csv(NEW).replace(b",", b";")
    assert upload(client, semicolons).context["report"].count("new") == 1
    row = [NEW.get(name) for name in COLUMNS]
    assert upload(client, sheet(COLUMNS, row)).context["report"].count("new") == 1
    formula = ["=1+1" if name == "controller" else NEW.get(name) for name in COLUMNS]
    page = upload(client, sheet(COLUMNS, formula))
    assert "begins like a formula" in text(page)


def test_a_file_beyond_the_limit_is_refused_soon_and_one_at_the_limit_is_judged(client):
    def many(count):
        wrong = {"kind": "circus"}
        return as_csv(
            *(NEW | {"name": f"School {n}"} | (wrong if n % 2 else {}) for n in range(count))
        )

    started = time.monotonic()
    content = many(50_000)
    content = content[: 4 * 1024 * 1024 - 1000].rpartition(b"\n")[0]
    page = upload(client, content)
    assert page.status_code == 422
    assert f"more than {MOST_ROWS:,} rows" in text(page)
    assert time.monotonic() - started < 20
    page = upload(client, many(MOST_ROWS))
    report = page.context["report"]
    assert (report.refused, report.count("new")) == (MOST_ROWS // 2, MOST_ROWS // 2)
    assert len(report.told) == 200
    assert f"And {MOST_ROWS // 2 - 200} more rows" in text(page)
    assert Agency.objects.count() == 8
    assert upload(client, many(50_000)).status_code == 422
