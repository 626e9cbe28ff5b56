"""Every version of a request, a check, a piece of information and a decision (P-RECORD)."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.selectors import access_entries
from encryption.casekeys import destroy_case_key
from portal.templatetags.portal_text import moment
from requests_app.clocks.words import at_with_year
from requests_app.items import actions as items
from requests_app.models import InformationRequest
from tests import walks

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-RECORD", part=True)]
OTHERS = ("classmate", "police_partner", "administrator", "desk_lead", "trust_adviser")


@pytest.fixture
def case(cast):
    walks.released(cast)
    return InformationRequest.objects.get()


def there(name, thing):
    return reverse(name, args=[thing.pk])


def of(case, holder, cast):
    return case.agency_checks.get(holder=cast.agencies[holder])


def only_these(signed_in, address, *people, others):
    for who in people:
        assert signed_in(who).get(address).status_code == 200, who
    for who in (*others, *OTHERS):
        assert signed_in(who).get(address).status_code == 404, who


def test_the_front_door_reads_a_request_from_when_it_was_sent(signed_in, cast, case):
    address = there("requests:request_history", case)
    others = ("requester", "school_spoc", "trust_spoc", "housing_spoc")
    only_these(signed_in, address, "officer", "officer2", others=others)
    page = signed_in("officer").get(address).content.decode()
    assert "Rita Requester" in page
    assert "Draft" not in page
    drafts = case.history.filter(status="draft").values_list("version", flat=True)
    for version in drafts:
        for name in ("old", "new"):
            assert signed_in("officer").get(address, {name: version}).status_code == 404


def test_two_versions_stand_beside_one_another_with_the_change_in_words(signed_in, cast):
    agency_check = walks.taken(cast)
    (item,) = walks.listed(agency_check, cast.trust_spoc, "Attendance")
    listed = {"title": "Attendance in May", "question": item.question, "beyond_reason": ""}
    listed["is_special_category"] = False
    items.change_item(item, by=cast.trust_spoc, expected_version=item.version, **listed)
    page = signed_in("trust_spoc").get(there("requests:item_history", item))
    history = page.context["history"]
    assert (history.old.number, history.new.number) == (1, 2)
    line = next(each for each in history.lines if each.key == "Title")
    assert (line.old, line.new, line.said) == ("Attendance", "Attendance in May", "Changed")
    assert "Changed" in page.content.decode()
    one = signed_in("trust_spoc").get(there("requests:item_history", item), {"new": 1})
    assert one.context["history"].old is None
    assert "Attendance in May" not in one.content.decode()
    both = {"old": 2, "new": 1}
    turned = signed_in("trust_spoc").get(there("requests:item_history", item), both)
    assert turned.context["history"].lines == history.lines


def test_the_agency_reads_its_own_and_nobody_else_does(signed_in, cast, case):
    check = of(case, "trust", cast)
    decision, item = check.decisions.get(), check.items.get()
    others = ("requester", "officer", "trust_nurse", "housing_spoc")
    for name, thing in (
        ("requests:check_history", check),
        ("requests:item_history", item),
        ("decisions:history", decision),
    ):
        address = there(name, thing)
        only_these(signed_in, address, "trust_spoc", "trust_manager", others=others)
        assert access_entries(case.pk, things=[str(thing.pk)]).filter(kind="opened").exists()
        assert access_entries(case.pk, things=[str(thing.pk)]).filter(kind="refused").exists()


def test_moments_have_their_year_and_are_worded_as_on_other_pages(signed_in, cast, case):
    check = of(case, "trust", cast)
    decision = check.decisions.get()
    case.refresh_from_db()
    for who, name, thing, named in (
        ("officer", "requests:request_history", case, {"Sent": case.sent_at, "Due": case.due_at}),
        ("trust_spoc", "requests:check_history", check, {"Answered": check.answered_at}),
        ("trust_spoc", "decisions:history", decision, {"Decided": decision.decided_at}),
    ):
        history = signed_in(who).get(there(name, thing)).context["history"]
        lines = {line.key: line.new for line in history.lines}
        assert {key: lines[key] for key in named} == {k: moment(at) for k, at in named.items()}


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-21T16:52:41Z", "21 November 2026 at 4:52pm"),
        ("2026-07-01T11:00:30Z", "1 July 2026 at midday"),
        ("2027-06-30T23:00:59.5Z", "1 July 2027 at midnight"),
        ("2027-01-01T00:05:00Z", "1 January 2027 at 12:05am"),
    ],
)
def test_a_moment_in_a_version_and_in_the_list_of_versions_reads_the_same(at, words):
    when = datetime.fromisoformat(at)
    assert at_with_year(when) == moment(when) == words


def test_people_of_other_agencies_are_not_named_to_the_agency(signed_in, cast, case):
    check = of(case, "trust", cast)
    page = signed_in("trust_spoc").get(there("requests:check_history", check)).content.decode()
    assert str(cast.users["officer"]) not in page
    assert str(cast.agencies["front_door"]) in page
    assert str(cast.users["trust_spoc"]) in page
    assert "Zed" not in page
    assert str(cast.agencies["housing"]) not in page


def test_what_was_taken_off_the_list_has_no_page(signed_in, cast):
    agency_check = walks.taken(cast)
    (item,) = walks.listed(agency_check, cast.trust_spoc, "Attendance")
    items.drop_item(item, by=cast.trust_spoc)
    address = there("requests:item_history", item)
    assert signed_in("trust_spoc").get(address).status_code == 404


def test_once_the_key_is_destroyed_the_skeleton_is_left(signed_in, cast, case):
    check = of(case, "housing", cast)
    decision, item = check.decisions.get(), check.items.get()
    destroy_case_key(case.pk)
    for who, name, thing in (
        ("officer", "requests:request_history", case),
        ("housing_spoc", "requests:check_history", check),
        ("housing_spoc", "requests:item_history", item),
        ("housing_spoc", "decisions:history", decision),
    ):
        answer = signed_in(who).get(there(name, thing))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "has been disposed of" in page
        assert "Rent" not in page
        assert str(cast.users[who]) in page


@pytest.mark.parametrize("name", ["old", "new"])
@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "1.0", "²", "9" * 40, "1 ", "\0"])
def test_a_version_that_is_none_is_not_there(signed_in, cast, case, name, number):
    address = there("decisions:history", of(case, "trust", cast).decisions.get())
    assert signed_in("trust_spoc").get(address, {name: number}).status_code == 404


def test_eleven_versions_cost_what_one_costs(signed_in, cast, flat):
    agency_check = walks.taken(cast)
    spoc, kept = signed_in("trust_spoc"), []

    def add():
        if not kept:
            kept.extend(walks.listed(agency_check, cast.trust_spoc, "Attendance"))
            return
        listed = {"title": uuid4().hex, "question": kept[0].question, "beyond_reason": ""}
        listed["is_special_category"] = False
        expected_version = kept[0].version
        items.change_item(kept[0], by=cast.trust_spoc, expected_version=expected_version, **listed)

    flat(lambda: spoc.get(there("requests:item_history", kept[0])), add=add)
