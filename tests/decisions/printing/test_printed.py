"""The printed record: what stands in it, for whom, and what never does (P-RECORD, ISA-6.1)."""

from itertools import pairwise
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AccessEntry
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, InformationRequest, Item, Release
from requests_app.release import actions as releasing
from tests import walks
from tests.decisions.printing.printed import YES, Printed, at, printed
from tests.plugins.people import sign_in

pytestmark = pytest.mark.django_db
NAMES = ("Zed", "Rex", "Rita", "Olive", "Tess", "Hugo")


@pytest.fixture
def case(cast):
    return walks.released(cast)


def of(case, cast, agency):
    return case.agency_checks.get(holder=cast.agencies[agency])


@pytest.mark.clause("P-RECORD", "ISA-3.3", "ISA-6.1", part=True)
def test_the_front_door_prints_the_whole_of_a_request(case, signed_in):
    record = printed(signed_in("officer"), "request", case)
    for words in (
        f"Record of information request {case.reference}",
        "Requested by Rita Requester",
        "What it is for A bruise nobody explains",
        "Child or young person: Zed Example",
        "Seen at hospital? Unexplained bruise",
        "Safeguarding of children",
        ": Shared",
        "Decided by Tess Trustspoc, Anytown Health Trust",
        "Lawful basis Public task",
        "Attended on 3 October with a bruise",
        "Originator Tess Trustspoc, Anytown Health Trust",
        "Date of event or record 3 October 2026",
        "Accepted Olive Officer",
        ": Not shared",
        "Why it is not shared Rent says nothing about harm",
        "No risk seen",
        "Released to Rita Requester, Anytown Oak School: not yet acknowledged",
        "Attendance in October Anytown Health Trust 3 October 2026",
        "Request accepted",
    ):
        assert words in record.text, words
    assert "Rent account" not in record.text, "what is withheld stays with its agency"
    assert "Weighed it" not in record.text, "so do the answers to the questions"


@pytest.mark.clause("ISA-6.1", part=True)
def test_the_requester_prints_what_was_released_to_them(case, cast, signed_in):
    record = printed(signed_in("requester"), "released", Release.objects.get())
    for words in (
        "Asked by Rita Requester, Anytown Oak School",
        "Zed Example",
        "For these people only: Rita Requester (Anytown Oak School)",
        "Use it for this purpose only",
        "Attended on 3 October with a bruise",
        "Originator Anytown Health Trust",
        "Source Emergency department record",
        "Date of event or record 3 October 2026",
        "Rent says nothing about harm No risk seen",
    ):
        assert words in record.text, words
    references = {each.reference for each in case.agency_checks.all()}
    for words in ("Rent account", "Tess", "Hugo", "Public task", *references):
        assert words not in record.text, words


def test_a_named_colleague_gets_the_package_and_not_the_request(cast, signed_in):
    case = walks.accepted(cast)
    walks.shared(cast, case=case)
    items.accept_item(Item.objects.get(), by=cast.officer)
    released_to(cast, case, "classmate")
    release = Release.objects.get()
    record = printed(signed_in("classmate"), "released", release)
    assert "Attended on 3 October" in record.text
    assert "Zed" not in record.text
    assert "What happened" not in record.text
    assert signed_in("requester").get(at("released", release)).status_code == 404


def released_to(cast, case, *who):
    return releasing.release_information(
        InformationRequest.objects.get(pk=case.pk),
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=list(AgencyCheck.objects.filter(case=case)),
        recipients=[cast.users[name] for name in who],
    )


def test_of_two_packages_each_recipient_prints_their_own(cast, signed_in):
    case = walks.accepted(cast)
    walks.shared(cast, case=case)
    items.accept_item(Item.objects.get(), by=cast.officer)
    mine, theirs = released_to(cast, case, "requester"), released_to(cast, case, "classmate")
    again = released_to(cast, case, "requester")
    record = printed(signed_in("requester"), "released", again)
    assert record.text.count("Released by Anytown Front Door") == 2
    assert "Carl Classroom" not in record.text
    assert signed_in("requester").get(at("released", theirs)).status_code == 404
    assert signed_in("classmate").post(at("released", mine), YES).status_code == 404


@pytest.mark.clause("CAL")
@pytest.mark.clause("P-RECORD", "ISA-3.3", "G-RULES", part=True)
def test_an_agency_prints_its_own_check_with_every_answer(case, cast, signed_in):
    record = printed(signed_in("trust_spoc"), "check", of(case, cast, "trust"))
    for words in (
        "Asked by Anytown Front Door",
        "Do you have consent to share? No Weighed it",
        "Lawful basis Public task",
        "Reasons for that ground The uncle would learn of it",
        "Child or family told No: Risk of harm",
        "Attended on 3 October with a bruise",
        "Caldicott principles",
        "How each golden rule was met",
    ):
        assert words in record.text, words
    nobodys = (case.reference, "Oak School", "Rita", "Rex", "Anytown Homes", "Rent", "Hugo")
    for words in nobodys:
        assert words not in record.text, words
    assert of(case, cast, "housing").reference not in record.text
    own = printed(signed_in("housing_spoc"), "check", of(case, cast, "housing"))
    assert "Rent account Not shared Anytown Homes" in own.text
    assert "Waiting for scrutiny" in own.text


def test_scrutiny_and_a_newer_decision_are_in_the_agencys_print(cast, signed_in):
    old = walks.refused(cast)
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Arrears matter")
    old.refresh_from_db()
    new = deciding.begin_anew(old, by=cast.housing_spoc, idempotency_key=uuid4())
    client = signed_in("housing_spoc")
    record = printed(client, "check", old.agency_check)
    assert "(Anytown Police," in record.text
    assert "Arrears matter" in record.text
    assert record.text.count("Decision of") == 1, "what is being decided is no record yet"
    walks.refuse(new, by=cast.housing_spoc)
    recording.record_decision(new, by=cast.housing_spoc)
    record = printed(client, "check", old.agency_check)
    assert record.text.count("Decision of") == 2
    assert "It has since been reconsidered" in record.text


@pytest.mark.clause("ISA-3.7", part=True)
def test_what_the_front_door_refused_is_in_no_print_but_the_agencys(cast, signed_in):
    case = walks.accepted(cast)
    agency_check = walks.shared(cast, case=case).agency_check
    items.refuse_item(Item.objects.get(), by=cast.officer, reason="Gathered wrongly")
    released_to(cast, case, "requester")
    desk = printed(signed_in("officer"), "request", case).text
    assert "Gathered wrongly" in desk
    package = printed(signed_in("requester"), "released", Release.objects.get()).text
    assert "Nothing from this agency is part of this package" in package
    assert "Gathered" not in package
    for text in (desk, package):
        assert "Attended on" not in text
        assert "Attendance" not in text
    own = printed(signed_in("trust_spoc"), "check", agency_check).text
    assert "Refused by the front door: Gathered wrongly" in own


@pytest.mark.clause("ISA-7.2", part=True)
def test_nobody_else_prints_any_of_it(case, cast, signed_in):
    """The table of all addresses tries everybody; these have a part, but not in this."""
    release = Release.objects.get()
    for who, what, row in (
        ("requester", "request", case),
        ("trust_spoc", "request", case),
        ("officer", "released", release),
        ("classmate", "released", release),
        ("school_spoc", "released", release),
        ("housing_spoc", "check", of(case, cast, "trust")),
        ("officer", "check", of(case, cast, "trust")),
        ("requester", "check", of(case, cast, "trust")),
    ):
        assert signed_in(who).get(at(what, row)).status_code == 404
        assert signed_in(who).post(at(what, row), YES).status_code == 404
    assert not AccessEntry.objects.filter(kind="printed").exists()
    assert AccessEntry.objects.filter(kind="refused", thing_id=str(case.pk)).exists()


@pytest.mark.clause("ISA-6.3")
@pytest.mark.clause("ISA-7.2", part=True)
def test_the_page_says_what_it_will_hold_and_the_print_is_noted(case, cast, signed_in):
    client, there = signed_in("officer"), at("request", case)
    page = client.get(there).content.decode()
    for words in ("2 agency checks", "1 piece of information", "2 recorded decisions", "1 package"):
        assert words in page, words
    unsure = client.post(there, {})
    assert unsure.status_code == 422
    assert "Tick the box to confirm" in unsure.content.decode()
    noted = AccessEntry.objects.filter(kind="printed")
    assert not noted.exists()
    for times in (1, 2):
        assert client.post(there, YES).status_code == 200, "twice is two copies"
        assert noted.filter(thing="requests_app.informationrequest").count() == times
    assert set(noted.values_list("thing", "may")) == {
        ("requests_app.informationrequest", "triage_request"),
        ("requests_app.enquiry", "triage_request"),
        ("requests_app.item", "triage_request"),
        ("decisions.decision", "triage_request"),
        ("requests_app.release", "triage_request"),
    }
    entries = signed_in("trust_spoc").get(
        reverse("requests:check_access_log", args=[of(case, cast, "trust").pk])
    )
    assert "Printed" in entries.content.decode(), "the agency sees that its words were printed"


def test_who_it_is_is_proved_again_first(case, cast):
    stale = sign_in(Client(), cast.users["officer"], ago=3600)
    assert stale.get(at("request", case)).status_code == 302
    assert stale.post(at("request", case), YES).status_code == 403
    assert not AccessEntry.objects.filter(kind="printed").exists()


def test_there_is_a_way_to_it_from_each_page(case, cast, signed_in):
    release, check = Release.objects.get(), of(case, cast, "trust")
    for who, page, what, row in (
        ("officer", "triage_case", "request", case),
        ("requester", "released", "released", release),
        ("trust_spoc", "check", "check", check),
    ):
        there = reverse(f"requests:{page}", args=[row.pk])
        assert at(what, row) in signed_in(who).get(there).content.decode(), page


@pytest.mark.clause("ISA-6.1", "P-SECURE", part=True)
def test_the_file_names_nobody_and_every_page_is_marked_and_numbered(case, signed_in):
    answer = signed_in("officer").post(at("request", case), YES)
    record = Printed(answer)
    assert answer["Content-Disposition"] == f'attachment; filename="record-{case.reference}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "application/pdf"
    many = len(record.pages)
    assert many > 2
    for number, page in enumerate(record.pages, 1):
        assert "OFFICIAL-SENSITIVE" in page
        assert f"Page {number} of {many}" in page
        assert f"{case.reference}, printed on" in " ".join(page.split())
        assert "by Olive Officer, Anytown Front Door" in " ".join(page.split())
    told = record.reader.metadata
    assert set(told) == {"/Title", "/Producer"}
    assert told["/Title"] == f"Record of information request {case.reference}"
    more = record.reader.xmp_metadata.stream.get_data().decode()
    assert "pdfuaid:part" in more
    for name in NAMES:
        assert name not in f"{told}{more}{answer.headers}"


def test_screen_readers_find_language_title_headings_and_headers(case, cast, signed_in):
    for who, what, row in (
        ("officer", "request", case),
        ("requester", "released", Release.objects.get()),
        ("trust_spoc", "check", of(case, cast, "trust")),
    ):
        record = printed(signed_in(who), what, row)
        assert record.root["/MarkInfo"]["/Marked"]
        assert record.root["/Lang"].lower() == "en-gb"
        assert record.root["/ViewerPreferences"]["/DisplayDocTitle"]
        levels = record.headings()
        assert levels[0] == 1
        assert levels.count(1) == 1
        for before, after in pairwise(levels):
            assert after <= before + 1, levels
        headers = {str(node["/ID"]) for name, node in record.tags() if name == "/TH"}
        cells = [node["/A"].get_object() for name, node in record.tags() if name == "/TD"]
        assert len(cells) > 10
        for cell in cells:
            assert cell["/Headers"], "each cell says which headers are its own"
            assert {str(each) for each in cell["/Headers"]} <= headers
