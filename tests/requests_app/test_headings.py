"""Whose case a page is stands in its heading, for those who may read it; what is green works."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from requests_app.agency_checks import actions as agency_checks
from requests_app.asking import actions as asking
from requests_app.choices import Check, CheckAnswer
from requests_app.items.actions import accept_item
from requests_app.models import AgencyCheck, Item
from requests_app.people.actions import add_subject
from requests_app.release.actions import release_information
from requests_app.triage import actions as triage
from tests import walks

pytestmark = pytest.mark.django_db

NAME = "Zed Example"
GREEN = re.compile(r'class="govuk-button"(?![^>]*--)[^>]*>\s*(.*?)\s*</(?:a|button)>', re.DOTALL)


def main_of(answer) -> str:
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def above(answer) -> str:
    """What stands in the heading and just above it, in words."""
    head = main_of(answer).partition("</h1>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", head).split())


def green(answer) -> list[str]:
    """The acts that a page offers first."""
    return [
        " ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in GREEN.findall(main_of(answer))
    ]


@pytest.mark.parametrize("page", ["triage_case", "triage_rate", "put_check", "release", "matches"])
def test_the_front_door_reads_the_name_on_each_page_of_a_request(cast, signed_in, page):
    case = walks.accepted(cast)
    answer = signed_in("officer").get(reverse(f"requests:{page}", args=[case.pk]))
    assert NAME in above(answer)
    assert case.reference in above(answer)


@pytest.mark.parametrize("page", ["triage_checks", "triage_return", "triage_decline"])
def test_and_while_it_waits_for_triage(cast, signed_in, page):
    case = walks.sent(cast)
    assert NAME in main_of(signed_in("officer").get(reverse(f"requests:{page}", args=[case.pk])))


def test_the_requester_reads_it_while_writing_and_after_sending(cast, signed_in):
    requester, case = signed_in("requester"), walks.a_draft(cast)
    for page in ("case", "review", "purpose", "needs", "files", "rating", "discard"):
        assert NAME in main_of(requester.get(reverse(f"requests:{page}", args=[case.pk])))
    sent = walks.sent(cast)
    for who in ("requester", "school_spoc"):
        assert NAME in above(signed_in(who).get(reverse("requests:case", args=[sent.pk])))


def put(cast, *ticked: str) -> AgencyCheck:
    """A check that tells the agency only these details of the child."""
    case = walks.accepted(cast)
    return agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        holder=cast.agencies["trust"],
        shown={str(case.subjects.get(role="child").pk): list(ticked)},
        questions=[("Seen at hospital?", "Unexplained bruise")],
    )


def of_check(check: AgencyCheck) -> list[str]:
    """The pages of a check that was taken."""
    names = ("requests:check", "requests:hand_check", "requests:not_known", "requests:add_item")
    return [reverse(name, args=[check.pk]) for name in (*names, "decisions:of_check")]


def test_an_agency_reads_it_where_the_name_was_ticked_for_it(cast, signed_in):
    spoc, decision = signed_in("trust_spoc"), walks.ready_to_share(cast)
    step = reverse("decisions:step", args=[decision.pk, "purpose"])
    record = reverse("decisions:record", args=[decision.pk])
    whole = reverse("decisions:decision", args=[decision.pk])
    for page in (*of_check(decision.agency_check), step, record, whole):
        before = main_of(spoc.get(page)).partition("<form")[0]
        assert NAME in before, page
        assert decision.agency_check.reference in before, page


def test_an_agency_that_was_not_told_the_name_reads_the_reference_alone(cast, signed_in):
    check = agency_checks.take_agency_check(put(cast, "date_of_birth"), by=cast.trust_spoc)
    for page in of_check(check):
        answer = signed_in("trust_spoc").get(page)
        assert check.reference in main_of(answer)
        # As a word: tokens of the page may hold any letters.
        assert not re.search(r"\bZed\b", answer.content.decode()), page


def test_only_the_ticked_of_two_children_is_named(cast, signed_in):
    case = walks.a_draft(cast)
    twin = {"given_name": "Yan", "family_name": "Example"}
    add_subject(case, by=cast.requester, idempotency_key=uuid4(), role="child", details=twin)
    case = walks.accepted(cast, case)
    first, second = case.subjects.filter(role="child").order_by("pk")
    check = agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        holder=cast.agencies["trust"],
        shown={str(first.pk): ["name"], str(second.pk): ["date_of_birth"]},
        questions=[("Seen at hospital?", "Unexplained bruise")],
    )
    heading = above(signed_in("trust_spoc").get(reverse("requests:check", args=[check.pk])))
    assert first.given_name in heading
    assert second.given_name not in heading
    both = above(signed_in("officer").get(reverse("requests:triage_case", args=[case.pk])))
    assert "Zed Example" in both
    assert "Yan Example" in both


def test_the_requester_of_a_package_reads_the_name_and_a_colleague_the_initials(cast, signed_in):
    case = walks.released(cast)
    release_information(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=list(case.agency_checks.all()),
        recipients=[cast.users["classmate"]],
    )
    mine, theirs = case.releases.order_by("released_at")
    own = signed_in("requester").get(reverse("requests:released", args=[mine.pk]))
    assert NAME in above(own)
    other = signed_in("classmate").get(reverse("requests:released", args=[theirs.pk]))
    assert "Z.E." in above(other)
    assert NAME not in other.content.decode()


def test_a_discarded_draft_names_nobody(cast, signed_in):
    case = asking.discard_draft(walks.a_draft(cast), by=cast.requester)
    page = signed_in("requester").get(reverse("requests:case", args=[case.pk]))
    assert "Zed" not in page.content.decode()


def test_no_name_stands_in_the_title_of_a_page(cast, signed_in):
    case = walks.accepted(cast)
    page = signed_in("officer").get(reverse("requests:triage_case", args=[case.pk]))
    title = page.content.decode().partition("<title>")[2].partition("</title>")[0]
    assert "Zed" not in title


def test_the_checks_of_triage_are_one_entry_of_the_timeline(cast, signed_in):
    case = walks.sent(cast)
    answers = {check.value: (CheckAnswer.YES, "Seen") for check in Check}
    triage.answer_checks(case, by=cast.officer, answers=answers)
    page = main_of(signed_in("officer").get(reverse("requests:triage_case", args=[case.pk])))
    happened = page.partition("portal-timeline")[2]
    assert happened.count("moj-timeline__item") == 2  # and that it was sent
    assert happened.count("Triage checks answered") == 1
    for check in Check:
        assert f"{check.label}: Yes" in happened


def test_a_check_that_was_answered_again_is_an_entry_of_its_own(cast, signed_in):
    case = walks.sent(cast)
    answers = {check.value: (CheckAnswer.YES, "Seen") for check in Check}
    triage.answer_checks(case, by=cast.officer, answers=answers)
    again = answers | {Check.CONSENT.value: (CheckAnswer.NO, "Not given")}
    triage.answer_checks(case, by=cast.officer, answers=again)
    page = main_of(signed_in("officer").get(reverse("requests:triage_case", args=[case.pk])))
    happened = page.partition("portal-timeline")[2]
    assert happened.count("moj-timeline__item") == 3
    assert f"{Check.CONSENT.label}: No" in happened.partition("Triage checks answered")[0]
    # Nor do two people become one.
    other = again | {Check.MATCHES.value: (CheckAnswer.NO, "Not yet")}
    triage.answer_checks(case, by=cast.officer2, answers=other)
    page = main_of(signed_in("officer").get(reverse("requests:triage_case", args=[case.pk])))
    assert page.partition("portal-timeline")[2].count("moj-timeline__item") == 4


def test_the_green_button_is_the_act_that_can_be_done_now(cast, signed_in):
    officer, case = signed_in("officer"), walks.accepted(cast)
    there = reverse("requests:triage_case", args=[case.pk])
    assert green(officer.get(there)) == ["Ask agencies"]

    decision = walks.shared(cast, "trust", case=case)
    page = officer.get(there)
    assert green(page) == ["Review 1 answer"]  # before anything can be released
    assert "Release information" not in main_of(page)
    assert reverse("requests:check_for_desk", args=[decision.agency_check.pk]) in main_of(page)

    for item in Item.objects.filter(agency_check=decision.agency_check):
        accept_item(item, by=cast.officer)
    assert green(officer.get(there)) == ["Release information"]

    release_information(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=[decision.agency_check],
        recipients=[cast.users["requester"]],
    )
    page = officer.get(there)
    assert green(page) == []
    assert "Release to somebody else" in main_of(page)


def test_nothing_can_be_released_while_agencies_are_asked(cast, signed_in):
    check = walks.an_agency_check(cast)
    page = signed_in("officer").get(reverse("requests:triage_case", args=[check.case_id]))
    assert green(page) == []
    assert reverse("requests:release", args=[check.case_id]) not in main_of(page)
