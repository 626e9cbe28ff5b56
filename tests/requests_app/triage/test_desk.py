"""The front door's desk: what stands where, whose names are read, and what it asks while open."""

import re
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from agencies.grants import revoke
from agencies.permissions import Role
from agreement.choices import Purpose
from audit.models import AccessEntry
from encryption.casekeys import destroy_case_key
from requests_app.asking import actions as asking
from requests_app.clocks.selectors import clock_of
from requests_app.models import DeskChoice, InboxPlace, InformationRequest
from requests_app.triage import actions as triage
from requests_app.triage import inbox, owning
from sessions.middleware import is_quiet
from tests import walks
from tests.house.test_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-TIMELY", part=True)]
DESK, NEWS = reverse("requests:inbox"), reverse("requests:desk_news")


def text(response):
    return response.content.decode()


def again(case):
    return InformationRequest.objects.get(pk=case.pk)


def order(page, *cases):
    """The places in the list of those that are on the page, by their number."""
    shown = {page.index(each.reference): number for number, each in enumerate(cases)}
    return [shown[at] for at in sorted(shown)]


def chips(page):
    return dict(re.findall(r'data-count="(\w+)">([\d,+]+)<', page))


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def test_red_comes_first_whatever_the_step(cast, officer):
    green, amber, red = walks.sent(cast), walks.accepted(cast), walks.accepted(cast)
    for case, rating in ((green, "green"), (red, "red")):
        triage.change_rating(again(case), by=cast.officer, rating=rating, reason="Seen")
    page = text(officer.get(DESK))
    assert order(page, red, amber, green) == [0, 1, 2]
    assert chips(page) | {"todo": "3", "triage": "1", "put": "2"} == chips(page)
    only = text(officer.get(DESK, {"rating": "red"}))
    assert red.reference in only
    assert amber.reference not in only


def test_a_record_that_does_not_open_takes_no_list_with_it(cast, officer):
    broken, gone = walks.sent(cast), walks.sent(cast)
    for case in (broken, gone):
        owning.claim_request(case, by=cast.officer)
    assert text(officer.get(DESK)).count("Zed Example") == 2
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE requests_app_subject SET date_of_birth = %s WHERE case_id = %s",
            [b"broken", broken.pk],
        )
    destroy_case_key(gone.pk)
    page = officer.get(DESK)
    assert page.status_code == 200
    assert order(text(page), broken, gone) == [0, 1]
    assert "Z.E." in text(page)
    assert "disposed of" in text(page)


def test_it_is_sorted_by_due_time_and_by_when_it_came(cast, officer):
    first, second = walks.sent(cast), walks.sent(cast)
    triage.change_rating(again(second), by=cast.officer, rating="red", reason="Seen")
    for sort, expected in (("", [1, 0]), ("due", [1, 0]), ("came", [0, 1]), ("nothing", [1, 0])):
        page = text(officer.get(DESK, {"sort": sort}))
        assert order(page, first, second) == expected, sort
    assert 'aria-sort="ascending"' in page


@pytest.mark.parametrize("sort", ["", "due", "came"])
def test_each_sort_comes_in_pages_each_request_once(sort, cast, officer):
    cases = {walks.sent(cast).reference for _ in range(3)}
    seen, address = [], f"{DESK}?sort={sort}"
    with patch("workflow.paging.page_from.__defaults__", ("", 2)):
        for _ in range(2):
            page = text(officer.get(address))
            seen += [reference for reference in cases if reference in page]
            query = re.search(r'href="([^"]*)"\s*rel="next"', page)
            address = DESK + query[1].replace("&amp;", "&") if query else DESK
    assert sorted(seen) == sorted(cases)


def test_mine_nobodys_and_those_whose_owner_has_left(cast, officer):
    mine, free, left = walks.sent(cast), walks.sent(cast), walks.sent(cast)
    owning.claim_request(mine, by=cast.officer)
    owning.claim_request(left, by=cast.officer2)
    page = text(officer.get(DESK))
    assert "Owner has left" not in page
    revoke(cast.users["officer2"], Role.IFD_OFFICER, cast.agencies["front_door"])
    page = text(officer.get(DESK))
    assert "Omar Otherofficer, who has left" in page
    assert chips(page) | {"mine": "1", "nobody": "1", "left": "1"} == chips(page)
    for group, case in (("mine", mine), ("nobody", free), ("left", left)):
        shown = text(officer.get(DESK, {"group": group}))
        found = [each for each in (mine, free, left) if each.reference in shown]
        assert found == [case], group
    # A button for each that can be claimed.
    assert page.count('name="only"') == 2


@pytest.mark.clause("ISA-6.2", "ISA-7.2", part=True)
def test_only_whoever_has_a_request_reads_the_childs_name_and_that_is_noted(
    cast, officer, signed_in
):
    case = walks.sent(cast)
    page = text(officer.get(DESK))
    assert "Z.E." in page
    assert not AccessEntry.objects.filter(case_id=case.pk).exists()
    owning.claim_request(case, by=cast.officer)
    page = text(officer.get(DESK))
    assert re.search(r"Zed Example, \d+", page)
    [noted] = AccessEntry.objects.filter(case_id=case.pk)
    assert (noted.person, noted.may) == (str(cast.users["officer"].pk), "triage_request")
    colleague = text(signed_in("officer2").get(DESK))
    assert "Zed" not in colleague
    assert "Z.E." in colleague
    assert AccessEntry.objects.filter(case_id=case.pk).count() == 1


def test_what_is_late_is_a_group_of_its_own(cast, signed_in):
    case = walks.sent(cast)
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=30)):
        officer = signed_in("officer")
        page = text(officer.get(DESK, {"group": "late"}))
        assert case.reference in page
        assert "Late by" in page
        assert chips(page)["late"] == "1"


def test_more_than_a_thousand_are_not_counted(cast, officer):
    walks.sent(cast)
    walks.sent(cast)
    with patch.object(inbox, "MOST", 1):
        assert inbox.at_most(2) == "1+"


def test_the_news_says_counts_and_arrivals_and_is_no_reading(cast, officer, walked_anew):
    walks.sent(cast)
    since = timezone.now()
    case = walks.sent(cast)
    owning.claim_request(case, by=cast.officer)
    answer = officer.get(NEWS, {"since": since.isoformat()}).json()
    assert answer["new"] == 1
    assert answer["counts"] | {"todo": 2, "mine": 1, "nobody": 1} == answer["counts"]
    assert not AccessEntry.objects.filter(case_id=case.pk).exists()
    for nonsense in ("", "x", "0001-01-01T00:00:00+14:00", "2026-01-01", "\0"):
        assert officer.get(NEWS, {"since": nonsense}).json()["new"] == 0, nonsense


def test_asking_for_news_does_not_prolong_the_session(cast, officer, rf):
    from django.urls import resolve

    request = rf.get(NEWS)
    request.resolver_match = resolve(NEWS)
    assert is_quiet(request)


@pytest.mark.parametrize("name", ["requester", "trust_spoc", "desk_lead", "administrator"])
def test_nobody_else_gets_the_news_or_acts_at_the_desk(name, cast, signed_in):
    case = walks.sent(cast)
    client = signed_in(name)
    assert client.get(NEWS).status_code == 404
    for address in ("claim_several", "hand_over_several"):
        posted = {"chosen": [str(case.pk)]}
        assert client.post(reverse(f"requests:{address}"), posted).status_code == 404
    for address in ("claim", "give_back", "hand_over"):
        there = reverse(f"requests:{address}", args=[case.pk])
        assert client.post(there).status_code == 404
    assert again(case).owner is None


def test_the_desk_is_flat_with_ones_own_requests(cast, officer, flat):
    def add():
        owning.claim_request(walks.sent(cast), by=cast.officer)

    flat(lambda: officer.get(DESK), add=add)


def test_a_filter_that_names_nothing_shows_what_is_to_be_done(cast, officer):
    case = walks.sent(cast)
    for said in ({"group": "\0"}, {"rating": "blue"}, {"sort": "'; --"}, {"group": str(uuid4())}):
        assert case.reference in text(officer.get(DESK, said)), said


class AsNurse:
    """The cast, in which somebody else asks."""

    def __init__(self, cast):
        self.cast = cast

    def __getattr__(self, name):
        return getattr(self.cast, "trust_nurse" if name == "requester" else name)


def sent_by_the_trust(cast):
    case = walks.a_draft.__wrapped__(AsNurse(cast))
    return walks.sent.__wrapped__(AsNurse(cast), case)


def shown(client, *cases, **asked):
    page = text(client.get(DESK, {"group": "todo"} | asked))
    return [each for each in cases if each.reference in page]


def test_it_is_sorted_by_who_asks(cast, officer):
    trust, school = sent_by_the_trust(cast), walks.sent(cast)
    page = text(officer.get(DESK, {"sort": "agency"}))
    assert order(page, school, trust) == [1, 0]  # Anytown Health Trust, Anytown Oak School
    seen, address = [], f"{DESK}?sort=agency"
    with patch("workflow.paging.page_from.__defaults__", ("", 1)):
        for _ in range(2):
            page = text(officer.get(address))
            seen += [each for each in (trust, school) if each.reference in page]
            query = re.search(r'href="([^"]*)"\s*rel="next"', page)
            address = DESK + query[1].replace("&amp;", "&") if query else DESK
    assert seen == [trust, school]


def test_it_is_narrowed_by_who_asks_and_by_purpose_each_with_a_way_back(cast, officer):
    trust, school = sent_by_the_trust(cast), walks.sent(cast)
    its = {"agency": str(cast.agencies["trust"].pk)}
    assert shown(officer, trust, school, **its) == [trust]
    assert shown(officer, trust, school, purpose="needs") == [trust, school]
    assert shown(officer, trust, school, purpose="audits") == []
    both = its | {"purpose": "needs", "rating": "amber"}
    page = text(officer.get(DESK, both))
    assert chips(page) | {"todo": "1", "triage": "1"} == chips(page)
    news = officer.get(NEWS, both | {"since": timezone.now().isoformat()}).json()
    assert news["counts"]["todo"] == 1
    off = dict(re.findall(r'href="([^"]+)"[^>]*><span[^>]*>Remove filter: </span>(.*?) <', page))
    assert set(off.values()) == {
        "Anytown Health Trust",
        str(Purpose.NEEDS.label).replace("'", "&#x27;"),
    }
    [without] = [address for address, name in off.items() if name == "Anytown Health Trust"]
    again = text(officer.get(DESK + without.replace("&amp;", "&")))
    assert school.reference in again
    # All of it is kept by each other choice on the page.
    assert f"agency={its['agency']}&amp;" in page or f'agency={its["agency"]}"' in page
    # An address holds codes and ids, and nothing of a person.
    addresses = " ".join(re.findall(r'href="(\?[^"]*)"', page))
    assert not {"Zed", "Example", "Rita"} & set(re.findall(r"\w+", addresses))


def test_who_asks_can_be_chosen_of_those_that_have_something_open(cast, officer):
    walks.sent(cast)
    page = text(officer.get(DESK)).split('name="agency"')[1].split("</select>")[0]
    assert re.findall(r">\s*([^<>]+?)\s*</option>", page) == ["Any agency", "Anytown Oak School"]
    # One that is chosen and has nothing stays to be seen.
    empty = text(officer.get(DESK, {"agency": str(cast.agencies["police"].pk)}))
    assert "Anytown Police" in empty
    assert "Nothing is here" in empty


def test_a_filter_that_is_none_asks_nothing(cast, officer):
    case = walks.sent(cast)
    for said in ({"agency": str(uuid4())}, {"agency": "x\0"}, {"purpose": '"'}, {"purpose": "%"}):
        page = text(officer.get(DESK, said))
        assert case.reference in page, said
        assert "Remove filter" not in page


@pytest.mark.clause("ISA-6.2", part=True)
def test_what_is_chosen_is_kept_for_the_person_alone(cast, signed_in, officer):
    walks.sent(cast)
    assert officer.get(DESK).status_code == 200
    officer.get(DESK, {"group": "nobody", "rating": "amber"})
    [kept] = DeskChoice.objects.all()
    assert (kept.person, kept.query) == (cast.users["officer"], "?group=nobody&rating=amber")
    # Signed in anew, by another browser.
    assert signed_in("officer").get(DESK).url == f"{DESK}?group=nobody&rating=amber"
    assert signed_in("officer2").get(DESK).status_code == 200
    assert "kept" not in " ".join(officer.cookies)
    page = text(officer.get(DESK, follow=True))
    assert f'href="{DESK}?group=todo">Start again' in page
    officer.get(DESK, {"group": "todo"})
    assert officer.get(DESK).url == f"{DESK}?group=todo"
    assert "Start again" not in text(officer.get(DESK, follow=True))


def test_an_address_from_elsewhere_a_page_further_down_and_news_change_no_choice(cast, officer):
    walks.sent(cast)
    officer.get(DESK, {"group": "mine"})
    for site in ("none", "cross-site", "same-site"):
        there = officer.get(DESK, {"group": "late"}, headers={"Sec-Fetch-Site": site})
        assert there.status_code == 200
    officer.get(DESK, {"group": "late", "after": "0~x"})
    officer.get(NEWS, {"group": "late", "since": timezone.now().isoformat()})
    assert DeskChoice.objects.get().query == "?group=mine"
    officer.get(DESK, {"group": "late"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert DeskChoice.objects.get().query == "?group=late"


@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
def test_two_tabs_that_choose_at_once_keep_one_of_both(cast):
    def choose(query):
        return lambda: triage.keep_choice(by=cast.officer, query=query)

    assert at_once(choose("?group=mine"), choose("?group=late")) == ["made", "made"]
    assert DeskChoice.objects.get().query in ("?group=mine", "?group=late")


def test_what_waits_for_the_requester_is_not_late_by_that_time(cast, signed_in):
    case = walks.sent(cast)
    late = again(case).due_at + timedelta(minutes=1)
    triage.return_request(case, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"])
    assert InboxPlace.objects.get(pk=case.pk).late_from is None
    with patch("django.utils.timezone.now", return_value=late):
        officer = signed_in("officer")
        page = text(officer.get(DESK, {"group": "late"}))
        assert case.reference not in page
        assert chips(page)["late"] == "0"
        triage.take_back_request(again(case), by=cast.officer)
    place = InboxPlace.objects.get(pk=case.pk)
    # What was left when it stopped is left when it runs again.
    assert place.late_from == place.due_at == again(case).due_at > late
    with patch("django.utils.timezone.now", return_value=place.due_at + timedelta(minutes=1)):
        page = text(signed_in("officer").get(DESK, {"group": "late"}))
        assert case.reference in page
        assert "Late by" in page


@pytest.mark.parametrize("how", ["sent anew", "rated anew"])
def test_the_time_for_which_its_clock_stood_is_kept_in_its_due_time(how, cast):
    case = walks.sent(cast)
    was = again(case).due_at
    triage.return_request(case, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"])
    with patch("django.utils.timezone.now", return_value=was):
        asking.answer_clarification(
            case.clarifications.get(), by=cast.requester, answer="On Monday"
        )
        asking.send_request(again(case), by=cast.requester)
        if how == "rated anew":
            for rating in ("green", "amber"):
                triage.change_rating(again(case), by=cast.officer, rating=rating, reason=rating)
        assert again(case).due_at == clock_of(again(case)).due > was


@pytest.mark.clause("P-TIMELY", part=True)
def test_a_list_that_was_narrowed_says_how_many_red_ones_there_are(cast, officer):
    walks.sent(cast)
    triage.change_rating(again(walks.sent(cast)), by=cast.officer, rating="red", reason="Worse")
    said = "You have narrowed this list. Red requests to do in all: 1."
    for narrow in ({"rating": "amber"}, {"purpose": "needs"}):
        assert said in text(officer.get(DESK, narrow))
    for all_of_them in ({"rating": "red"}, {"group": "todo"}, {"group": "mine"}):
        assert said not in text(officer.get(DESK, all_of_them))
