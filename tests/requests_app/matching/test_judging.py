"""What the front door says of a possible match: linked, not the same person, undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from agencies.grants import revoke
from agencies.permissions import Role
from audit.models import AccessEntry, Event
from encryption.casekeys import destroy_case_key
from requests_app.matching.judging import judge, undo_verdict
from requests_app.models import InformationRequest, MatchVerdict, Subject
from requests_app.people import actions as people
from requests_app.triage import actions as triage
from requests_app.triage.inbox import board
from tests import walks
from tests.requests_app.matching.test_already_here import CHILD, page_of, sent, text
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
Status = MatchVerdict.Status


def child(case):
    return Subject.objects.get(case=case, role="child")


def at(name, case, other):
    return reverse(f"requests:{name}", args=[child(case).pk, child(other).pk])


def say(cast, case, other, verdict="apart", **more):
    given = {"by": cast.officer, "verdict": verdict, "because": "records"} | more
    return judge(child(case), child(other), **given)


def statuses():
    return sorted(MatchVerdict.objects.values_list("status", flat=True))


def listed(cast):
    rows = board(cast.officer, {}).rows
    return {row.reference: (row.may_be_known, row.has_link) for row in rows}


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def pair(cast):
    return sent(cast), sent(cast, address="2 Other Street, Anytown")


def test_the_page_compares_two_people_and_links_their_requests(cast, officer, pair):
    case, other = pair
    page = text(officer.get(at("match", case, other)))
    assert "Same name and same date of birth" in page
    assert other.reference in page
    said = {"verdict": "linked", "because": "family"}
    answer = officer.post(at("match", case, other), said)
    assert answer.status_code == 302
    assert answer.url == reverse("requests:triage_case", args=[case.pk])
    for one, another in (pair, pair[::-1]):
        page = page_of(officer, one)
        assert "Already known here" in page
        assert another.reference in page
        assert "Linked with another request: the same person" in page
        assert "The family told us" in page
    assert set(listed(cast).values()) == {(False, True)}
    assert statuses() == ["linked", "linked"]


def test_not_the_same_person_is_no_possible_match_on_either_side(cast, officer, pair):
    case, other = pair
    officer.post(at("match", case, other), {"verdict": "apart", "because": "number"})
    for one, another in (pair, pair[::-1]):
        page = page_of(officer, one)
        assert "ay already be known here" not in page
        start = page.index("Not the same person: 1 request")
        folded = page[start : page.index("</details>", start)]
        assert another.reference in folded
        assert str(cast.users["officer"]) in folded
        assert "The NHS number or UPN" in folded
        everybody = text(officer.get(reverse("requests:matches", args=[one.pk])))
        assert "No possible match was found" in everybody
        assert another.reference in everybody
    assert set(listed(cast).values()) == {(False, False)}


@pytest.mark.parametrize("verdict", [Status.LINKED, Status.APART])
def test_either_is_undone_from_either_side_and_said_anew(cast, officer, pair, verdict):
    case, other = pair
    say(cast, case, other, verdict)
    assert "said so on" in text(officer.get(at("match", other, case)))
    assert officer.post(at("match_undo", other, case), {"because": "mistake"}).status_code == 302
    assert statuses() == ["undone", "undone"]
    assert "May already be known here" in page_of(officer, case)
    assert set(listed(cast).values()) == {(True, False)}
    assert "It was a mistake" in page_of(officer, other)
    assert officer.get(at("match_undo", case, other)).status_code == 302
    say(cast, case, other, Status.LINKED)
    assert statuses() == ["linked", "linked"]


def test_both_requests_have_it_in_their_history_and_ledger(cast, pair):
    case, other = pair
    say(cast, case, other, Status.LINKED)
    undo_verdict(child(other), child(case), by=cast.officer, because="news")
    for one, another in (pair, pair[::-1]):
        row = MatchVerdict.objects.get(case=one)
        assert list(row.history.values_list("history_change_reason", flat=True)) == ["undo", "link"]
        events = Event.objects.filter(case_id=one.pk, move__startswith="matchverdict.")
        assert [each.move for each in events.order_by("pk")] == [
            "matchverdict.link",
            "matchverdict.undo",
        ]
        assert {each.details["reference"] for each in events} == {another.reference}
        assert {each.details["because"] for each in events} == {"records", "news"}


def test_nothing_is_merged(cast, pair):
    before = list(Subject.objects.order_by("pk").values_list("pk", "version", "case"))
    say(cast, *pair, Status.LINKED)
    assert list(Subject.objects.order_by("pk").values_list("pk", "version", "case")) == before


def test_a_doubled_click_says_it_once_and_other_words_are_refused(cast, pair):
    first, again = say(cast, *pair), say(cast, *pair)
    assert first.pk == again.pk
    assert MatchVerdict.history.count() == 2
    with pytest.raises(TransitionRefused, match="different"):
        say(cast, *pair, because="family")
    with pytest.raises(TransitionRefused, match="not the same person"):
        say(cast, *pair[::-1], Status.LINKED)


def test_whoever_comes_second_reads_what_was_said(cast, pair):
    case, other = pair
    say(cast, case, other, Status.LINKED)
    with pytest.raises(TransitionRefused, match="linked with another request"):
        say(cast, other, case, by=cast.officer2)
    assert statuses() == ["linked", "linked"]


def test_an_old_page_does_not_undo_what_a_colleague_said(cast, signed_in, pair):
    case, other = pair
    say(cast, case, other, Status.LINKED)
    said = {"verdict": "apart", "because": "records"}
    answer = signed_in("officer2").post(at("match", case, other), said)
    assert answer.status_code == 409
    assert statuses() == ["linked", "linked"]


def test_a_role_that_was_taken_away_judges_nothing(cast, signed_in, pair):
    officer = signed_in("officer2")
    assert officer.get(at("match", *pair)).status_code == 200
    revoke(cast.users["officer2"], Role.IFD_OFFICER, cast.agencies["front_door"])
    said = {"verdict": "linked", "because": "records"}
    assert officer.post(at("match", *pair), said).status_code == 403  # acts for nobody
    with pytest.raises(PermissionDenied):
        say(cast, *pair, by=cast.trust_spoc)
    assert not MatchVerdict.objects.exists()
    assert not Event.objects.filter(move__startswith="matchverdict.").exists()


def test_nobody_else_compares_or_judges(cast, signed_in, pair):
    for name in ("requester", "school_spoc", "trust_spoc", "police_partner"):
        client = signed_in(name)
        for page in ("match", "match_undo"):
            assert client.get(at(page, *pair)).status_code == 404
            assert client.post(at(page, *pair), {"verdict": "apart"}).status_code == 404


def test_of_a_record_that_is_destroyed_only_the_fact_is_left(cast, officer, pair):
    case, other = pair
    say(cast, case, other, Status.LINKED)
    destroy_case_key(other.pk)
    page = page_of(officer, case)
    assert "A record that was linked with this request has been destroyed." in page
    assert at("match", case, other) not in page
    for act in (
        lambda: undo_verdict(child(case), child(other), by=cast.officer, because="news"),
        lambda: say(cast, sent(cast), other),
    ):
        with pytest.raises(TransitionRefused, match="destroyed"):
            act()
    assert statuses() == ["linked", "linked"]


def test_not_the_same_holds_only_for_what_was_known_then(cast, officer, pair):
    case, other = pair
    say(cast, case, other)
    triage.return_request(
        InformationRequest.objects.get(pk=other.pk),
        by=cast.officer,
        idempotency_key=walks.uuid4(),
        questions=["Is it the same child?"],
    )
    people.change_subject(child(other), by=cast.requester, details={"nhs_number": "9990000018"})
    page = page_of(officer, case)
    assert "May already be known here" in page
    assert "What is known has changed since" in page
    assert listed(cast)[case.reference] == (True, False)


def test_a_page_from_before_a_change_judges_what_it_showed(cast, pair):
    case, other = pair
    seen = (child(case).version, child(other).version)
    said = say(cast, case, other, seen=(99, -1))
    assert (said.mine_version, said.theirs_version) == (seen[0], 0)
    assert MatchVerdict.objects.get(case=other).mine_version == 0
    assert listed(cast)[case.reference] == (True, False)


def test_somebody_who_was_taken_out_is_not_judged(cast, pair):
    case, other = pair
    mine, theirs = child(case), child(other)
    triage.return_request(
        InformationRequest.objects.get(pk=other.pk),
        by=cast.officer,
        idempotency_key=walks.uuid4(),
        questions=["Who is it?"],
    )
    people.remove_subject(child(other), by=cast.requester)
    with pytest.raises(TransitionRefused, match="taken out"):
        judge(mine, theirs, by=cast.officer, verdict="linked", because="records")


def test_empty_and_made_up_forms_say_what_to_do(cast, officer, pair):
    page = officer.post(at("match", *pair), {})
    assert page.status_code == 422
    assert "Select whether they are the same person" in text(page)
    assert "Select how you know" in text(page)
    made_up = {"verdict": "undone", "because": "mistake", "mine_version": "x\0"}
    assert officer.post(at("match", *pair), made_up).status_code == 422
    assert officer.post(at("match_undo", *pair), {"because": "records"}).status_code == 422
    assert not MatchVerdict.objects.exists()


def test_two_people_of_one_request_are_no_match(cast, officer, pair):
    case, _other = pair
    address = reverse("requests:match", args=[child(case).pk, child(case).pk])
    assert officer.get(address).status_code == 404


def test_nobody_is_compared_with_a_draft_or_with_nobody(cast, officer, pair):
    case, other = pair
    draft = child(walks.a_draft(cast))
    for one, another in ((child(case), draft), (draft, child(case))):
        assert officer.get(reverse("requests:match", args=[one.pk, another.pk])).status_code == 404
    assert (
        officer.get(reverse("requests:match", args=[child(other).pk, case.pk])).status_code == 404
    )


def test_comparing_is_a_reading_of_both(cast, officer, pair):
    case, other = pair
    officer.get(at("match", case, other))
    me = str(cast.users["officer"].pk)
    noted = AccessEntry.objects.filter(person=me, kind="opened").values_list("case_id", flat=True)
    assert set(noted) == {case.pk, other.pk}


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_judge_at_once_leave_one_verdict(cast, pair):
    def one(turn):
        mine, theirs = pair if turn % 2 else pair[::-1]
        by = cast.officer if turn % 2 else cast.officer2
        try:
            return say(cast, mine, theirs, list(Status)[turn % 2], by=by).status
        except TransitionRefused:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(one, range(4)))
    assert len({each for each in said if each}) == 1
    assert len(set(statuses())) == 1
    assert len(statuses()) == 2
    assert MatchVerdict.history.count() == 2


def test_as_many_statements_for_eleven_links_as_for_one(cast, officer, flat):
    case = sent(cast)

    def link():
        say(cast, case, sent(cast), Status.LINKED)

    link()
    flat(lambda: page_of(officer, case), add=link)


def test_a_link_survives_another_name(cast, officer, pair):
    case, other = pair
    say(cast, case, other, Status.LINKED)
    triage.return_request(
        InformationRequest.objects.get(pk=other.pk),
        by=cast.officer,
        idempotency_key=walks.uuid4(),
        questions=["What is the name?"],
    )
    renamed = CHILD | {"given_name": "Quill", "family_name": "Quux", "nhs_number": "9990000018"}
    people.change_subject(
        child(other), by=cast.requester, details=renamed | {"date_of_birth": date(2001, 1, 1)}
    )
    page = page_of(officer, case)
    assert "Already known here" in page
    assert "What is known of one of them has changed since." in page


def test_of_somebody_who_was_taken_out_no_link_is_shown_any_more(cast, officer, pair):
    case, other = pair
    say(cast, case, other, Status.LINKED)
    triage.return_request(
        InformationRequest.objects.get(pk=other.pk),
        by=cast.officer,
        idempotency_key=walks.uuid4(),
        questions=["Who is it?"],
    )
    people.remove_subject(child(other), by=cast.requester)
    for one in pair:
        assert "Already known here" not in page_of(officer, one)
    assert not any(linked for _possible, linked in listed(cast).values())


def test_an_old_page_does_not_undo_what_was_said_since(cast, officer, pair):
    case, other = pair
    say(cast, case, other, Status.APART)
    form = officer.get(at("match_undo", case, other)).context["form"]
    shown = form["expected_version"].value()
    undo_verdict(child(case), child(other), by=cast.officer2, because="mistake")
    say(cast, case, other, Status.LINKED)
    answer = officer.post(
        at("match_undo", case, other), {"because": "mistake", "expected_version": shown}
    )
    assert answer.status_code == 409
    assert statuses() == ["linked", "linked"]
