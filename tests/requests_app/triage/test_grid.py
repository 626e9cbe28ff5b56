"""Who was asked what, and what became of it, on the front door's page of a request."""

import os
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Contact
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from requests_app.agency_checks import actions as asking
from requests_app.agency_checks import chasing
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, Item
from tests import walks
from tests.look.measuring import WIDTHS, faults_of
from tests.requests_app.break_glass.test_break_glass_browser import browse
from workflow.bootstrap import create_unattended

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-TIMELY", part=True)]
HOSTILE = '<script>alert("x")</script> & \u202eright \u05d0\u05d1 \U0001f476'


def at(case):
    return reverse("requests:triage_case", args=[getattr(case, "case_id", case.pk)])


def text(piece):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", piece)).split())


def grid(client, case):
    """The cells of each agency by its reference, in words, without those for other eyes."""
    page = client.get(at(case)).content.decode()
    table = page.split('<table class="govuk-table portal-grid">')[1].split("</table>")[0]
    rows = {}
    for body in re.findall(r"<tbody>.*?</tbody>", table, re.S):
        reference = re.search(r"C-[0-9A-Z]{4}-[0-9A-Z]{4}", body)[0]
        cells = re.findall(r'portal-grid__state--(\w+)"', body)
        (act,) = re.findall(r'portal-grid__act">(.*?)</td>', body, re.S)
        rows[reference] = (cells, text(act))
    return rows


def of(client, check):
    return grid(client, check)[check.reference]


def review(decision, cast):
    for each in decision.weighed.all():
        items.accept_item(each.item, by=cast.officer)


def test_each_question_says_how_it_stands_until_it_is_answered(cast, signed_in):
    officer, check = signed_in("officer"), walks.an_agency_check(cast)
    cells, act = of(officer, check)
    assert cells == ["waiting", "waiting"]
    assert act.startswith("Remind Anytown Health Trust")
    asking.take_agency_check(check, by=cast.trust_spoc)
    assert of(officer, check)[0] == ["answering", "answering"]
    with patch("django.utils.timezone.now", return_value=check.due_at + timedelta(hours=1)):
        officer = signed_in("officer")
        assert of(officer, check)[0] == ["late", "late"]
        assert "Late by" in officer.get(at(check)).content.decode()


def test_what_was_shared_is_reviewed_then_released(cast, signed_in):
    officer, decision = signed_in("officer"), walks.shared(cast)
    check = decision.agency_check
    cells, act = of(officer, check)
    assert cells == ["to_review", "nothing"]
    assert act.startswith("Review 1 piece of information")
    review(decision, cast)
    cells, act = of(officer, check)
    assert cells == ["shared", "nothing"]
    assert act.startswith("Release it")


def test_what_was_released_has_nothing_left_to_do(cast, signed_in):
    officer, case = signed_in("officer"), walks.released(cast)
    shared, refused = (
        case.agency_checks.get(holder=cast.agencies[each]) for each in ("trust", "housing")
    )
    assert of(officer, shared) == (["released", "nothing"], "Nothing: it was released")
    assert of(officer, refused)[0] == ["kept_back", "kept_back"]


def test_columns_are_questions_and_who_was_not_asked_says_so(cast, signed_in):
    case = walks.accepted(cast)
    one = walks.an_agency_check(cast, "trust", case)
    two = walks.an_agency_check(cast, "housing", case)
    chasing.add_question(
        two, by=cast.officer, idempotency_key=uuid4(), fact=" noise\nat night? ", why="Neighbours"
    )
    chasing.add_question(
        one, by=cast.officer, idempotency_key=uuid4(), fact="Noise at  night?", why="The same"
    )
    chasing.add_question(
        one, by=cast.officer, idempotency_key=uuid4(), fact="Who collects?", why="School"
    )
    officer = signed_in("officer")
    rows = grid(officer, case)
    assert rows[one.reference][0] == ["waiting"] * 4
    assert rows[two.reference][0] == ["waiting"] * 3 + ["not_asked"]
    page = text(officer.get(at(case)).content.decode())
    assert "1. Seen at hospital? 2. Any concern? 3. noise at night? 4. Who collects?" in page


def test_an_agency_that_knows_nobody(cast, signed_in):
    check = walks.an_agency_check(cast)
    asking.answer_not_known(check, by=cast.trust_spoc, searched="By name and date of birth")
    cells, act = of(signed_in("officer"), check)
    assert cells == ["not_known", "not_known"]
    assert act.startswith("Release it")


@pytest.mark.clause("ISA-5.4", part=True)
def test_of_an_answer_in_part_it_says_what_was_shared_and_not_what_was_kept_back(cast, signed_in):
    check, by = walks.taken(cast), cast.trust_spoc
    first, second = check.questions.order_by("pk")
    seen, kept = (
        items.list_item(check, by=by, idempotency_key=uuid4(), title=title, question=question)
        for title, question in (("Seen in October", first), ("Notes of therapy", second))
    )
    decision = deciding.begin_decision(check, by=by, idempotency_key=uuid4())
    assert of(signed_in("officer"), check)[0] == ["answering", "answering"]
    apart = deciding.split_off(decision, by=by, idempotency_key=uuid4(), items=[kept])
    decision.refresh_from_db()
    walks.fill(decision, seen, by=by)
    recording.record_decision(decision, by=by)
    walks.refuse(apart, by=by)
    recording.record_decision(apart, by=by)
    check = AgencyCheck.objects.get(pk=check.pk)
    assert check.outcome == "part"
    review(decision, cast)
    officer = signed_in("officer")
    facts = {first.fact: "part", second.fact: "nothing"}
    assert dict(zip(sorted(facts, reverse=True), of(officer, check)[0], strict=True)) == facts
    page = officer.get(at(check)).content.decode()
    assert "Shared in part" in page
    assert not {"therapy", "Rent"} & set(re.findall(r"\w+", text(page)))


def test_what_is_refused_here_is_said_to_be(cast, signed_in):
    decision = walks.shared(cast)
    item = Item.objects.get(agency_check=decision.agency_check)
    items.refuse_item(item, by=cast.officer, reason="About somebody else")
    cells, _act = of(signed_in("officer"), decision.agency_check)
    assert cells == ["refused", "nothing"]


def test_a_check_is_reminded_from_the_grid_once_an_hour(cast, signed_in):
    officer, check = signed_in("officer"), walks.an_agency_check(cast)
    there = reverse("requests:remind_check", args=[check.pk])
    assert there in officer.get(at(check)).content.decode()
    officer.post(there)
    assert of(officer, check)[1].startswith("Reminded on")
    assert there not in officer.get(at(check)).content.decode()
    later = timezone.now() + chasing.ONCE_IN + timedelta(seconds=1)
    with patch("django.utils.timezone.now", return_value=later):
        assert of(signed_in("officer"), check)[1].startswith("Remind Anytown Health Trust")


@pytest.mark.clause("ISA-6.2", part=True)
@pytest.mark.parametrize("who", ["requester", "trust_spoc", "police_partner", "administrator"])
def test_nobody_else_reads_the_grid(cast, signed_in, who):
    check = walks.an_agency_check(cast)
    assert signed_in(who).get(at(check)).status_code == 404


def test_the_number_of_whoever_is_waited_for_stands_with_the_agency(cast, signed_in):
    check = walks.an_agency_check(cast)
    create_unattended(
        Contact,
        agency=check.holder,
        post=Contact.Post.SPOC,
        name="Tess Trustspoc",
        email="tess@trust.example",
        phone="0151 555 0101",
    )
    officer = signed_in("officer")
    assert "tel:01515550101" in officer.get(at(check)).content.decode()
    asking.answer_not_known(check, by=cast.trust_spoc, searched="By name")
    assert "tel:01515550101" not in officer.get(at(check)).content.decode()


FACTS = [
    "Accommodation offered?",
    "Is the mother, or anybody else at the address, in a programme of support?",
]
BAD = [HOSTILE, "Unter" * 40, *(f"What of question {each}?" for each in range(20))]


def many(cast, facts, case=None):
    """A check that asks these too."""
    check = walks.an_agency_check(cast, case=case or walks.accepted(cast))
    for fact in facts:
        chasing.add_question(
            check, by=cast.officer, idempotency_key=uuid4(), fact=fact, why="Pattern"
        )
    return check


def test_many_questions_are_listed_for_each_agency(cast, signed_in):
    check = many(cast, BAD[:7])
    page = signed_in("officer").get(at(check)).content.decode()
    assert 'class="govuk-table portal-grid"' not in page
    assert page.count("portal-grid__state--waiting") == 9
    assert "<script>alert(" not in page
    assert "&lt;script&gt;alert(" in page


def test_it_asks_no_more_for_many_than_for_one(cast, signed_in, flat):
    case, officer = walks.accepted(cast), signed_in("officer")
    walks.an_agency_check(cast, case=case)
    flat(lambda: officer.get(at(case)), add=lambda: many(cast, BAD[:4], case))


@pytest.mark.browser
@pytest.mark.parametrize("facts", [FACTS, BAD], ids=["few", "many"])
def test_it_is_laid_out(live_server, cast, new_context, axe, facts):
    case = walks.accepted(cast)
    walks.refused(cast, case=case)
    walks.shared(cast, case=case)
    many(cast, facts, case)
    page = browse(new_context, live_server, cast, "officer", 1280)
    page.goto(live_server.url + at(case))
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            shot = Path(folder) / f"grid-{len(facts)}-{width}.png"
            page.locator(".portal-drawn").first.screenshot(path=shot)
    axe(page)
    assert faults_of(page) == []
