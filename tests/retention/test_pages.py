"""The pages of retention, and every list after a disposal."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from retention.models import (
    Disposal,
    DisposalList,
    DisposalStatement,
    Hold,
    PurposeServed,
    Schedule,
)
from tests import walks as requests
from tests.retention import walks

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
NEXT_YEAR = timezone.localdate() + timedelta(days=365)
A_DAY = {
    "review_on_day": NEXT_YEAR.day,
    "review_on_month": NEXT_YEAR.month,
    "review_on_year": NEXT_YEAR.year,
}


@pytest.fixture
def case(cast):
    return walks.closed(cast)


def there(name, *things):
    return reverse(f"retention:{name}", args=[thing.pk for thing in things])


def page(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


@pytest.mark.clause("ISA-8.1")
def test_from_the_dry_run_to_the_certificate(signed_in, cast, case):
    walks.at_once(cast)
    officer, lead = signed_in("officer"), signed_in("desk_lead")
    read = page(officer.get(there("due")))
    assert case.reference in read
    assert "Nothing is destroyed here" in read
    answer = officer.post(there("due"), {"idempotency_key": uuid4(), "records": [case.pk]})
    listed = DisposalList.objects.get()
    assert answer.url == there("list", listed)
    assert "1" in page(lead.get(reverse("home")))
    assert "Approve" not in page(officer.get(there("list", listed)))
    assert "Approve" in page(lead.get(there("list", listed)))
    assert lead.post(there("approve", listed)).status_code == 302
    walks.waited(listed)
    walks.destroying.carry_out()
    line = Disposal.objects.get()
    said = page(lead.get(there("certificate", line)))
    for word in (case.reference, "Olive Officer", "Dora Desklead", "No backup holds its key"):
        assert word in said
    left = page(officer.get(there("of_request", case)))
    assert "What is left of it" in left
    assert "Anytown Health Trust" in left
    assert "Zed" not in left


@pytest.mark.clause("ISA-8.1")
def test_no_list_breaks_for_what_was_disposed_of(signed_in, cast, case):
    requests.openings.close_opening(requests.opened(cast, case), by=cast.police_partner)
    walks.destroyed(cast, case)
    trust = case.agency_checks.get(holder=cast.agencies["trust"])
    broken = []
    for who, name, args in (
        ("officer", "requests:inbox", []),
        ("officer", "requests:access_log", [case.pk]),
        ("officer", "requests:request_history", [case.pk]),
        ("officer", "retention:of_request", [case.pk]),
        ("desk_lead", "requests:openings_oversight", []),
        ("requester", "requests:mine", []),
        ("requester", "retention:of_request", [case.pk]),
        ("school_spoc", "requests:oversight", []),
        ("trust_manager", "decisions:oversight", []),
        ("trust_manager", "decisions:disclosures", []),
        ("trust_spoc", "requests:checks", []),
        ("trust_spoc", "requests:check_access_log", [trust.pk]),
        ("trust_spoc", "retention:of_check", [trust.pk]),
        ("board_partner", "decisions:scrutinies", []),
        ("police_partner", "requests:openings", []),
        *[(each, "home", []) for each in ("officer", "requester", "trust_spoc", "board_partner")],
    ):
        if signed_in(who).get(reverse(name, args=args)).status_code != 200:
            broken.append((who, name))
    assert not broken
    for who, name, thing in (
        ("officer", "requests:triage_case", case),
        ("trust_spoc", "requests:check", trust),
    ):
        gone = page(signed_in(who).get(reverse(name, args=[thing.pk])), 410)
        assert "disposed of" in gone


@pytest.mark.clause("ISA-8.1")
@pytest.mark.parametrize("who", ["requester", "school_spoc"])
def test_the_purpose_is_said_to_be_served_and_taken_back(signed_in, cast, case, who):
    client = signed_in(who)
    read = page(client.get(there("of_request", case)))
    assert "Its purpose is served" in read
    [token] = re.findall(r'name="idempotency_key"[^>]*value="([^"]+)"', read)
    idempotency_key = {
        "idempotency_key": token
    }  # of the page itself: a doubled click sends it twice
    for _ in range(2):
        assert client.post(there("serve", case), idempotency_key).status_code == 302
    said = PurposeServed.objects.get()
    assert "Undo this" in page(client.get(there("of_request", case)))
    assert client.post(there("serve", case)).status_code == 409
    assert client.post(there("take_back", said)).status_code == 302
    assert PurposeServed.objects.get().status == "taken_back"
    assert client.post(there("serve", case)).status_code == 302


@pytest.mark.clause("ISA-8.2")
def test_a_hold_is_placed_read_and_lifted(signed_in, cast, case):
    trust = case.agency_checks.get(holder=cast.agencies["trust"])
    manager, officer = signed_in("trust_manager"), signed_in("officer")
    form = {
        "idempotency_key": uuid4(),
        "reason": "inquiry",
        "in_words": "The inquiry asks",
        **A_DAY,
    }
    answer = manager.post(there("hold_check", trust), form)
    assert answer.url == there("of_check", trust)
    hold = Hold.objects.get()
    assert "The inquiry asks" in page(manager.get(there("of_check", trust)))
    assert "Lift this hold" in page(manager.get(there("of_check", trust)))
    read = page(officer.get(there("of_request", case)))
    assert "The inquiry asks" in read
    assert "Lift this hold" not in read
    for who in ("housing_spoc", "school_spoc"):
        check = case.agency_checks.get(holder=cast.agencies["housing"])
        where = there("of_request", case) if who == "school_spoc" else there("of_check", check)
        assert "The inquiry asks" not in page(signed_in(who).get(where))
    assert manager.post(there("lift", hold)).url == there("of_check", trust)
    assert Hold.objects.get().status == "lifted"


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": "whim"},
        {"in_words": " "},
        {"in_words": "x" * 2001},
        {"review_on_year": "1999"},
        {"review_on_day": "31", "review_on_month": "2"},
        {"review_on_day": ""},
    ],
)
def test_a_hold_that_is_not_in_order_comes_back(signed_in, case, wrong):
    form = {"idempotency_key": uuid4(), "reason": "court", "in_words": "Hearing", **A_DAY} | wrong
    page(signed_in("officer").post(there("hold_request", case), form), 422)
    assert not Hold.objects.exists()


@pytest.mark.clause("ISA-4.3-RETENTION", part=True)
@pytest.mark.clause("ISA-8.2")
def test_the_office_sets_a_schedule_and_the_agency_reads_it(signed_in, cast):
    trust, office = cast.agencies["trust"], signed_in("administrator")
    form = {
        "idempotency_key": uuid4(),
        "record_class": "answered",
        "starts": "birth",
        "months": "300",
    }
    for _ in range(2):
        assert office.post(there("agency", trust), form).status_code == 302
    assert Schedule.objects.get().months == 300
    assert "300 months" in page(signed_in("trust_manager").get(there("statements")))
    again = form | {"idempotency_key": uuid4(), "months": "", "reason": "Ordered", **A_DAY}
    assert office.post(there("agency", trust), again).status_code == 302
    assert "No end date" in page(office.get(there("schedules")))
    assert Schedule.objects.get(status="current").months is None
    assert "300 months" not in page(signed_in("housing_spoc").get(there("statements")))


@pytest.mark.clause("ISA-8.2")
@pytest.mark.parametrize(
    "wrong",
    [
        {"months": ""},
        {"months": "-1"},
        {"months": "1201"},
        {"months": "1.5"},
        {"months": "²"},
        {"months": "12", "reason": "and why"},
        {"months": "", "reason": "why"},
        {"starts": "never"},
        {"record_class": ""},
    ],
)
def test_a_schedule_that_is_not_in_order_comes_back(signed_in, cast, wrong):
    form = {
        "idempotency_key": uuid4(),
        "record_class": "asked",
        "starts": "closed",
        "months": "1",
    } | wrong
    page(signed_in("administrator").post(there("agency", cast.agencies["trust"]), form), 422)
    assert not Schedule.objects.exists()


@pytest.mark.clause("ISA-8.1")
def test_a_receiver_says_what_became_of_its_copy(signed_in, cast, case):
    walks.destroyed(cast, case)
    row = DisposalStatement.objects.get(agency=cast.agencies["trust"])
    manager = signed_in("trust_manager")
    assert row.reference in page(manager.get(there("statements")))
    page(manager.post(there("statement", row), {"said": "own_record"}), 422)
    until = {f"until_{part}": getattr(NEXT_YEAR, part) for part in ("day", "month", "year")}
    page(manager.post(there("statement", row), {"said": "disposed"} | until), 422)
    assert manager.post(there("statement", row), {"said": "own_record"} | until).status_code == 302
    assert "until" in page(manager.get(there("statements")))
    for _ in range(2):
        assert manager.post(there("statement", row), {"said": "disposed"}).status_code == 302
    assert "said on" in page(manager.get(there("statement", row)))
    assert row.reference not in page(manager.get(there("statements")))


def test_many_rows_cost_what_one_costs(signed_in, cast, flat):
    walks.at_once(cast)
    officer = signed_in("officer")
    flat(lambda: officer.get(there("due")), add=lambda: walks.closed(cast))


def test_many_lists_cost_what_one_costs(signed_in, cast, flat):
    walks.at_once(cast)
    officer = signed_in("officer")

    def another():
        by, case = cast.officer, walks.closed(cast)
        walks.disposing.list_for_disposal([case], by=by, idempotency_key=uuid4())

    flat(lambda: officer.get(there("lists")), add=another)


def test_many_statements_cost_what_one_costs(signed_in, cast, flat):
    manager = signed_in("trust_manager")
    flat(
        lambda: manager.get(there("statements")),
        add=lambda: walks.destroyed(cast, walks.closed(cast)),
    )
