"""An agency's disclosure log: what it shared, with whom and why, and what not (ISA-4.3-RECORD)."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from agencies.register_files.import_export import written as as_register
from audit.models import AccessEntry
from decisions.disclosure_log import export, selectors
from decisions.flow import actions as deciding
from decisions.models import Decision
from decisions.recording import actions as recording
from tests import walks
from tests.plugins.people import sign_in
from tests.statements import nothing_prepared
from workflow.spreadsheets import spreadsheet

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-4.3-RECORD", part=True)]

LOG = "/disclosures/"
EXPORT = "/disclosures/export/"


@pytest.fixture
def case(cast):
    return walks.released(cast)


@pytest.fixture
def trust(signed_in):
    return signed_in("trust_spoc")


@pytest.fixture
def homes(signed_in):
    return signed_in("housing_spoc")


def shown(client, **wanted):
    return client.get(LOG, wanted).content.decode()


def table_of(answer):
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_it_says_what_was_shared_with_whom_why_when_and_on_what_basis(trust, case):
    page = shown(trust)
    for words in (
        "Attendance in October",
        "Anytown Front Door",
        "Anytown Oak School, released on",
        "right support in time",
        "Weighed it",
        "Tess Trustspoc",
        "Lawful basis",
        "Special category condition",
        "The uncle would learn of it",
        "OFFICIAL-SENSITIVE",
    ):
        assert words in page, words
    assert "Rent" not in page


def test_it_says_what_was_not_shared_and_why(homes, case):
    page = shown(homes)
    for words in ("Rent account", "Not shared", "Nobody", "Rent says nothing", "No risk seen"):
        assert words in page, words
    assert "Attendance" not in page
    assert "Oak School" not in page


@pytest.mark.clause("ISA-7.2", part=True)
def test_only_those_who_keep_oversight_read_it_and_only_their_own(signed_in, case):
    for who in ("requester", "trust_nurse", "trust_adviser", "officer", "police_partner"):
        assert signed_in(who).get(LOG).status_code == 404
        assert signed_in(who).post(EXPORT, {"kind": "csv"}).status_code == 404
    assert "has not recorded any decision" in shown(signed_in("school_spoc"))
    assert "Attendance in October" in shown(signed_in("trust_manager"))


def test_each_reading_is_noted(trust, case, cast):
    decision = Decision.objects.get(agency_check__holder=cast.agencies["trust"])
    shown(trust)
    entry = AccessEntry.objects.filter(thing="decisions.decision").latest("pk")
    assert (entry.thing_id, entry.kind, entry.may) == (
        str(decision.pk),
        "opened",
        "oversee_agency",
    )


def test_it_is_narrowed_by_outcome_days_agency_and_purpose(cast, trust, case):
    agencies = cast.agencies
    there, none = "Attendance in October", "No decision matches"
    day = timezone.localdate()
    within = {"since_day": day.day, "since_month": day.month, "since_year": day.year}
    before = day - timedelta(days=2)
    until = {"until_day": before.day, "until_month": before.month, "until_year": before.year}
    for wanted, words in (
        ({"outcome": "share"}, there),
        ({"outcome": "part"}, none),
        ({"outcome": "no_share"}, none),
        ({"recipient": agencies["front_door"].pk}, there),
        ({"recipient": agencies["school"].pk}, there),
        ({"purpose": "needs"}, there),
        ({"purpose": "audits"}, none),
        (within, there),
        (until, none),
        ({"outcome": "share", "purpose": "needs", **within}, there),
    ):
        assert words in shown(trust, **wanted), wanted


def test_who_got_something_before_that_was_noted_is_offered_too(cast, trust, homes, case):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE requests_app_releaseditem SET originator_id = NULL, received_by_id = NULL"
        )
        assert cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    school = cast.agencies["school"]
    assert "Attendance in October" in shown(trust, recipient=school.pk)
    assert "Anytown Oak School" not in shown(homes, outcome="")


def test_an_agency_that_got_nothing_is_not_offered_and_is_refused(cast, trust, homes, case):
    answer = trust.get(LOG, {"recipient": cast.agencies["police"].pk})
    assert answer.status_code == 422
    assert "Anytown Oak School" not in shown(homes, outcome="")
    wrong = {"since_day": "32", "since_month": "1", "since_year": "2026"}
    assert trust.get(LOG, wrong).status_code == 422


def test_what_shares_in_part_is_told_apart(cast, trust):
    agency_check = walks.taken(cast)
    _in_part(cast, agency_check)
    page = shown(trust, outcome="part")
    assert "Shared in part" in page
    assert "Not shared" not in page.partition("<tbody")[2]


def _in_part(cast, agency_check):
    by = cast.trust_spoc
    shared, kept = walks.listed(agency_check, by, "A visit", "A letter", special=False)
    decision = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    apart = deciding.split_off(decision, by=by, idempotency_key=uuid4(), items=[kept])
    decision.refresh_from_db()
    walks.fill(decision, shared, by=by)
    recording.record_decision(decision, by=by)
    walks.refuse(apart, by=by)
    recording.record_decision(apart, by=by)


@pytest.mark.clause("ISA-6.3")
@pytest.mark.clause("ISA-6.1", part=True)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_copy_is_marked_has_originator_and_date_on_each_line_and_is_noted(
    cast, trust, case, kind
):
    answer = trust.post(EXPORT, {"kind": kind})
    assert answer.status_code == 200
    name = f"disclosure-log-{timezone.localdate():%Y-%m-%d}.{kind}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "no-store"
    if kind == "csv":
        rows = table_of(answer)
    else:
        book = load_workbook(io.BytesIO(answer.content))
        rows = [[cell or "" for cell in row] for row in book.active.values]
    assert rows[0][0] == "OFFICIAL-SENSITIVE"
    assert rows[1][:2] == ["Originator", "Decided on"]
    assert len(rows) == 3
    assert rows[2][0] == "Anytown Health Trust"
    assert rows[2][1].startswith(f"{timezone.localdate():%Y-%m-%d}")
    assert "Attendance in October" in rows[2]
    assert "Anytown Oak School, released on" in rows[2][5]
    noted = AccessEntry.objects.filter(kind="exported").order_by("pk")
    assert [entry.thing for entry in noted] == ["agencies.agency", "decisions.decision"]


def test_a_copy_holds_what_the_page_is_narrowed_to(trust, case):
    rows = table_of(trust.post(EXPORT, {"kind": "csv", "outcome": "no_share"}))
    assert len(rows) == 2
    page = trust.get(LOG, {"outcome": "share", "purpose": "needs"}).content.decode()
    form = page.partition(EXPORT)[2].partition("</form>")[0]
    assert re.search(r'name="outcome"\s+value="share"', form)
    assert re.search(r'name="purpose"\s+value="needs"', form)


def test_who_it_is_is_proved_again_before_a_copy(cast, case):
    stale = sign_in(Client(), cast.users["trust_spoc"], ago=3600)
    assert stale.get(LOG).status_code == 200
    assert stale.post(EXPORT, {"kind": "csv"}).status_code == 403
    assert not AccessEntry.objects.filter(kind="exported").exists()


def test_the_kind_is_asked_for_and_too_much_is_refused(trust, case, monkeypatch):
    assert trust.post(EXPORT, {}).status_code == 422
    monkeypatch.setattr("decisions.disclosure_log.views.MOST", 0)
    answer = trust.post(EXPORT, {"kind": "csv"})
    assert answer.status_code == 422
    assert "too much for one file" in answer.content.decode()
    assert not AccessEntry.objects.filter(kind="exported").exists()


def test_the_last_day_that_there_is_has_no_day_after_it(trust, case):
    last = {"until_day": 31, "until_month": 12, "until_year": 9999}
    for answer in (trust.get(LOG, last), trust.post(EXPORT, {**last, "kind": "csv"})):
        assert answer.status_code == 422
        assert "Enter an earlier last day" in answer.content.decode()
    assert not AccessEntry.objects.filter(kind="exported").exists()


def test_no_cell_is_run_and_none_breaks_the_file(cast, trust):
    agency_check = walks.taken(cast, "trust")
    by = cast.trust_spoc
    walks.listed(agency_check, by, '=HYPERLINK("https://elsewhere.example","x")')
    decision = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    deciding.answer_step(decision, by=by, step="purpose", choice="no", reasons="+1")
    deciding.say_why_not(decision, by=by, because='@SUM(1),"x"\n=2', safety="\x0bodd\x01 sign")
    recording.record_decision(decision, by=by)
    rows = table_of(trust.post(EXPORT, {"kind": "csv"}))
    assert rows[2][4].startswith("'=HYPERLINK")
    assert rows[2][10].startswith("'@SUM(1)")
    assert rows[2][11] == "odd sign"
    book = load_workbook(io.BytesIO(trust.post(EXPORT, {"kind": "xlsx"}).content))
    assert "f" not in {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert book.active["E3"].value.startswith("'=HYPERLINK")


@pytest.mark.parametrize(
    "written",
    [lambda table: spreadsheet("csv", "", table), lambda table: as_register("csv", [], table)],
)
def test_no_mark_within_a_cell_begins_another_that_is_run(written):
    text = written([["a;=1+1", "b\t=1+1", "c,=1+1", 'd"=1+1', "e\n=1+1", "", "f"]]).decode()
    assert set(re.sub(r'"(?:[^"]|"")*"', "", text)) <= set("\ufeff,\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
def test_every_beginning_that_a_program_runs_is_neutralised(start):
    assert export.harmless(f"{start}1") == f"'{start}1"
    assert len(export.harmless("x" * 50_000)) < 32_767


@pytest.mark.clause("P-SECURE", part=True)
@pytest.mark.usefixtures("no_temporary_files")
def test_no_copy_is_laid_down_on_a_disk(trust, case):
    answer = trust.post(EXPORT, {"kind": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert "Attendance in October" in package.read("xl/worksheets/sheet1.xml").decode()


def test_a_long_log_is_in_pages_and_costs_the_same(cast, trust, flat, monkeypatch):
    case = walks.accepted(cast)
    flat(lambda: trust.get(LOG), add=lambda: walks.shared(cast, case=case), more=3)
    flat(
        lambda: trust.post(EXPORT, {"kind": "csv"}),
        add=lambda: walks.shared(cast, case=case),
        more=2,
    )
    for name in ("page_from", "window"):
        monkeypatch.setattr(selectors, name, partial(getattr(selectors, name), most=2))
    read, there = [], LOG
    with nothing_prepared():
        while there:
            page = trust.get(there).content.decode()
            read += re.findall(r"/decisions/([0-9a-f-]{36})/", page)
            following = re.search(r'href="(\?after=[^"]*)"', page)
            there = f"{LOG}{following[1].replace('&amp;', '&')}" if following else ""
    assert len(read) == len(set(read)) == Decision.objects.count()


def test_there_is_a_way_to_it(trust, case):
    assert LOG in trust.get(reverse("decisions:oversight")).content.decode()
