"""Who wrote a request reads which of their questions nothing that was released answers."""

from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.permissions import Permission
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from requests_app.items import actions as items
from requests_app.models import InformationRequest, Item, ReleasedItem
from requests_app.policies import RELEASED_ITEMS
from requests_app.release import actions as releasing
from requests_app.request_parts import actions as parts
from tests import walks
from tests.audit.owner import as_owner
from tests.decisions.filling import text
from tests.decisions.printing.printed import printed

pytestmark = pytest.mark.django_db
NOTHING = "Nothing released to you answers this question."
ANSWERED, UNANSWERED, OF_THE_DESK = "Seen at hospital?", "Who lives with Zed?", "Any concern?"


@pytest.fixture
def case(cast):
    """A request that was accepted, with two questions."""
    draft = walks.a_draft(cast)
    parts.add_need(
        draft, by=cast.requester, idempotency_key=uuid4(), fact=UNANSWERED, why="To see him safe"
    )
    return walks.accepted(cast, InformationRequest.objects.get(pk=draft.pk))


def release(cast, case, *checks, to=("requester",)):
    return releasing.release_information(
        InformationRequest.objects.get(pk=case.pk),
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=checks,
        recipients=[cast.users[who] for who in to],
    )


def shared(cast, case, holder="trust", question=ANSWERED):
    """A check with an answer to one question that the front door accepted."""
    agency_check, by = walks.taken(cast, holder, case=case), getattr(cast, f"{holder}_spoc")
    asked = next(each for each in agency_check.questions.all() if each.fact == question)
    item = items.list_item(
        agency_check, by=by, idempotency_key=uuid4(), title="Attendance", question=asked
    )
    decision = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    walks.fill(decision, item, by=by)
    recording.record_decision(decision, by=by)
    items.accept_item(Item.objects.get(pk=item.pk), by=cast.officer)
    agency_check.refresh_from_db()
    return agency_check


def there(package):
    return reverse("requests:released", args=[package.pk])


def said(page, question):
    """What a page says of one question."""
    below = page.split("Your questions")[1].split("</ol>")[0]
    (entry,) = [each for each in below.split("<li>") if question in each]
    return " ".join(entry.split()).replace(question, "")


def test_each_question_says_what_answers_it_or_that_nothing_does(cast, case, signed_in):
    page = text(signed_in("requester").get(there(release(cast, case, shared(cast, case)))))
    assert "Answered below: Attendance (Anytown Health Trust)" in said(page, ANSWERED)
    assert NOTHING not in said(page, ANSWERED)
    assert NOTHING in said(page, UNANSWERED)


def test_the_print_says_the_same(cast, case, signed_in):
    package = release(cast, case, shared(cast, case))
    record = printed(signed_in("requester"), "released", package).text
    assert f"{ANSWERED} Attendance (Anytown Health Trust)" in record
    assert f"{UNANSWERED} Nothing released to the requester answers this question." in record


def test_words_of_the_front_door_are_not_there_and_answer_no_question(cast, case, signed_in):
    check = shared(cast, case, question=OF_THE_DESK)
    page = text(signed_in("requester").get(there(release(cast, case, check))))
    assert NOTHING in said(page, ANSWERED)
    assert OF_THE_DESK not in page


def test_of_what_was_withheld_refused_or_asked_of_others_it_says_no_more(cast, case, signed_in):
    """The same words whatever lies behind, so that they tell nothing of it."""
    client, refusal = signed_in("requester"), walks.refused(cast, case=case)
    first = release(cast, case, refusal.agency_check)
    withheld = said(text(client.get(there(first))), ANSWERED)
    assert NOTHING in withheld
    assert said(text(client.get(there(first))), UNANSWERED) == withheld
    check = walks.shared(cast, case=case).agency_check
    items.refuse_item(check.items.get(), by=cast.officer, reason="Gathered wrongly")
    page = text(client.get(there(release(cast, case, check))))
    assert said(page, ANSWERED) == withheld
    walks.an_agency_check(cast, "police", case)
    page = text(client.get(there(first)))
    assert said(page, ANSWERED) == withheld
    assert "police" not in page.lower()


def test_a_later_package_answers_on_the_page_of_the_first(cast, case, signed_in):
    client = signed_in("requester")
    first = release(cast, case, shared(cast, case, question=OF_THE_DESK))
    assert NOTHING in said(text(client.get(there(first))), ANSWERED)
    second = release(cast, case, shared(cast, case, "housing"))
    answered = said(text(client.get(there(first))), ANSWERED)
    assert there(second) in answered
    assert NOTHING not in answered


def test_a_package_for_others_answers_nothing_here(cast, case, signed_in):
    mine = release(cast, case, shared(cast, case, question=OF_THE_DESK))
    theirs = release(cast, case, shared(cast, case, "housing"), to=("classmate",))
    page = text(signed_in("requester").get(there(mine)))
    assert NOTHING in said(page, ANSWERED)
    assert there(theirs) not in page


def test_a_colleague_who_is_named_reads_none_of_the_questions(cast, case, signed_in):
    package = release(cast, case, shared(cast, case), to=("requester", "classmate"))
    page = text(signed_in("classmate").get(there(package)))
    assert "Attendance" in page
    for words in ("Your questions", ANSWERED, UNANSWERED):
        assert words not in page


def test_of_a_package_from_before_it_was_kept_nothing_is_said(cast, case, signed_in):
    before = release(cast, case, shared(cast, case))
    as_owner("UPDATE requests_app_releaseditem SET needs_answered = NULL")
    after = release(cast, case, shared(cast, case, "housing"))
    client = signed_in("requester")
    for package in (before, after):
        assert "Your questions" not in text(client.get(there(package)))


def test_the_same_sent_twice_is_one_package(cast, case):
    check, idempotency_key = shared(cast, case), uuid4()
    case = InformationRequest.objects.get(pk=case.pk)
    words = {"by": cast.officer, "idempotency_key": idempotency_key, "agency_checks": [check]}
    for _ in range(2):
        releasing.release_information(case, recipients=[cast.users["requester"]], **words)
    inside = ReleasedItem.objects.get()
    (need,) = [each for each in case.needs.all() if each.fact == ANSWERED]
    assert inside.needs_answered == [str(need.pk)]


def test_many_questions_cost_as_much_as_one(cast, signed_in, flat):
    draft, client = walks.a_draft(cast), signed_in("requester")
    packages = []

    def add():
        one = walks.a_draft(cast) if packages else draft
        for number in range(len(packages) * 3):
            fact = f"Question number {number}?"
            parts.add_need(
                one, by=cast.requester, idempotency_key=uuid4(), fact=fact, why="To know"
            )
        sent = walks.accepted(cast, InformationRequest.objects.get(pk=one.pk))
        packages.append(release(cast, sent, shared(cast, sent)))

    def fetch():
        page = text(client.get(there(packages[-1])))
        assert page.count(NOTHING) == 3 * (len(packages) - 1)

    flat(fetch, add=add, more=2)


def test_only_whoever_it_was_released_to_reads_what_an_item_answers(cast, case):
    """By the first wall alone: nobody else, and nothing of an item that was refused later."""
    release(cast, case, shared(cast, case))
    reached = {
        who: RELEASED_ITEMS.scope(getattr(cast, who), Permission.SEND_REQUEST).count()
        for who in ("requester", "classmate", "trust_spoc", "housing_spoc")
    }
    assert reached == {"requester": 1, "classmate": 0, "trust_spoc": 0, "housing_spoc": 0}
    as_owner("UPDATE requests_app_receipt SET status = 'refused'")
    assert not RELEASED_ITEMS.scope(cast.requester, Permission.SEND_REQUEST).exists()
