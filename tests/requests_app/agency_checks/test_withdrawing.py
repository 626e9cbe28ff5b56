"""Withdrawing a check before it is answered: whom it closes it to, and what stays."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from decisions.advice import actions as advising
from decisions.advice.selectors import unanswered
from decisions.flow import actions as deciding
from decisions.models import Decision
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.agency_checks import actions
from requests_app.agency_checks.beside import beside
from requests_app.agency_checks.selectors import people_shown
from requests_app.agency_checks.withdrawing import withdraw_agency_check
from requests_app.clocks import reminding
from requests_app.history.words import history_of_check
from requests_app.models import (
    AgencyCheck,
    InboxPlace,
    Item,
    Pause,
    Question,
    Subject,
    TimeReminder,
)
from requests_app.naming import children_shown
from tests import walks
from tests.house.second_wall import first, second
from tests.requests_app.agency_checks.test_putting_checks import text
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
Status = AgencyCheck.Status
WITHDRAWN = "The front door has withdrawn agency check"
OF_PEOPLE = ("Zed", "Example", "27 March 2015", "Seen at hospital?", "Unexplained bruise")


def at(name, row):
    return reverse(name, args=[row.pk])


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def withdraw(check, cast, because="wrong_agency", **more):
    return withdraw_agency_check(fresh(check), by=cast.officer, because=because, **more)


def names_nobody(page):
    said = text(page)
    assert not [word for word in OF_PEOPLE if word in said]
    return said


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def test_the_request_shows_it_struck_with_reason_time_and_person(cast, officer):
    check = walks.an_agency_check(cast)
    desk = at("requests:check_for_desk", check)
    assert at("requests:withdraw_check", check) in text(officer.get(desk))
    there = at("requests:withdraw_check", check)
    form = {"because": "other", "note": "Zed has moved to another trust"}
    page = text(officer.post(there, form, follow=True))
    assert f"Check {check.reference} is withdrawn, and Anytown Health Trust is told." in page
    assert "<del>Anytown Health Trust</del>" in page
    for said in ("Withdrawn on", "Another reason", "Zed has moved to another trust"):
        assert said in page
        assert said in text(officer.get(desk))
    assert "Nothing: it was withdrawn" in page
    check = fresh(check)
    assert (check.status, check.withdrawn_by) == (Status.WITHDRAWN, cast.users["officer"])
    last = check.history.order_by("-version").first()
    assert (last.history_change_reason, last.withdrawn_because) == ("withdraw", "other")
    assert "While you wait" not in text(officer.get(desk))
    assert officer.get(there).status_code == 302


def test_a_reason_is_due_and_words_where_it_is_another(cast, officer):
    check = walks.an_agency_check(cast)
    there = at("requests:withdraw_check", check)
    assert "Select why this check is no longer needed" in text(officer.post(there, {}))
    page = officer.post(there, {"because": "other"})
    assert page.status_code == 422
    assert "Enter what the reason is" in text(page)
    assert officer.post(there, {"because": "curious"}).status_code == 422
    assert fresh(check).status == Status.SENT
    officer.post(there, {"because": "mistake", "note": "Typed, and then another was chosen"})
    assert fresh(check).withdrawn_note == ""


def test_the_letter_says_rating_reference_and_reason_and_nothing_else(cast):
    check = walks.an_agency_check(cast)
    withdraw(check, cast, "other", note="Zed Example has moved away")
    assert Message.objects.filter(topic="enquiry.withdrawn").count() == 1
    letter = writer_of("enquiry.withdrawn")(str(check.pk))
    assert "rated Amber" in letter.subject
    assert "Reason: Another reason." in letter.text
    assert check.reference in letter.text
    assert at("requests:check", check) in letter.text
    assert "Zed" not in letter.subject + letter.text
    assert "moved away" not in letter.text
    assert set(letter.to) == {str(cast.users[who].pk) for who in ("trust_spoc", "trust_manager")}
    # What was promised before, and is sent after, goes to nobody.
    for topic in ("enquiry.reminded", "enquiry.asked_more"):
        assert writer_of(topic)(str(check.pk)).to == {}


def being_decided(cast):
    check = walks.taken(cast)
    (item,) = walks.listed(check, cast.trust_spoc, "Attendance in October")
    decision = deciding.begin_decision(check, by=cast.trust_spoc, idempotency_key=uuid4())
    deciding.answer_step(
        decision, by=cast.trust_spoc, step="purpose", choice="yes", reasons="It is about harm"
    )
    return check, item, decision


@pytest.mark.clause("P-NECESSARY", part=True)
def test_its_agency_reads_no_more_of_the_people_and_keeps_what_it_wrote(cast, signed_in):
    check, item, decision = being_decided(cast)
    spoc = signed_in("trust_spoc")
    assert "Zed Example" in text(spoc.get(at("requests:check", check)))
    withdraw(check, cast)
    said = names_nobody(spoc.get(at("requests:check", check)))
    assert "Agency check withdrawn" in said
    assert "It was sent to the wrong agency" in said
    assert "Attendance in October" in said
    assert check.reference not in text(spoc.get(reverse("requests:checks")))
    said = names_nobody(spoc.get(at("decisions:decision", decision)))
    assert "Decision not finished" in said
    assert "It is about harm" in said
    said = names_nobody(spoc.get(at("decisions:of_check", check)))
    assert "Not finished" in said
    names_nobody(spoc.get(at("requests:check_history", check)))
    names_nobody(spoc.get(at("decisions:print_check", check)))
    away = [
        *(at(name, check) for name in ("requests:not_known", "requests:add_item")),
        *(at(f"requests:{name}", check) for name in ("hand_check",)),
        reverse("requests:change_item", args=[check.pk, item.pk]),
        reverse("requests:remove_item", args=[check.pk, item.pk]),
        reverse("decisions:step", args=[decision.pk, "consent"]),
        at("decisions:record", decision),
    ]
    for there in away:
        assert spoc.get(there).status_code == 302, there


def test_both_walls_close_to_its_agency(cast):
    check, item, decision = being_decided(cast)
    question, child = item.question_id, check.case.subjects.get(role="child").pk
    for wall in (first, second):
        rows = wall(cast.trust_spoc)
        assert question in rows[Question]
        assert child in rows[Subject] or wall is first
    withdraw(check, cast)
    for wall in (first, second):
        rows = wall(cast.trust_spoc)
        assert not rows[Question]
        assert not rows[Subject]
        assert (check.pk in rows[AgencyCheck], item.pk in rows[Item]) == (True, True)
        assert decision.pk in rows[Decision]
    old = walks.refused(cast)
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Arrears matter")
    withdraw(old.agency_check, cast)
    (answered,) = {each.item.question_id for each in old.weighed.select_related("item")}
    for wall in (first, second):
        rows = wall(cast.housing_spoc)
        assert rows[Question] == {answered}  # a recorded decision says what it was asked
        assert not rows[Subject]


def test_without_a_second_wall_no_page_has_it_either(cast):
    """On SQLite there is none: what pages are made of leaves it out by itself."""
    check, _item, decision = being_decided(cast)
    assert people_shown(fresh(check))
    assert children_shown(fresh(check)) == "Zed Example"
    withdraw(check, cast)
    assert people_shown(fresh(check)) == []
    assert children_shown(fresh(check)) == ""
    with pytest.raises(TransitionRefused, match=WITHDRAWN):
        beside(fresh(decision).agency_check)


def test_its_versions_say_no_more_what_the_agency_was_told(cast):
    check = actions.put_agency_check(
        walks.accepted(cast),
        by=cast.officer,
        idempotency_key=uuid4(),
        holder=cast.agencies["trust"],
        shown={},
        questions=[("Seen?", "A bruise")],
        concern="Her uncle hit her",
    )

    def said():
        lines = history_of_check(fresh(check), cast.trust_spoc, {}).lines
        return {str(line.key): line.old + line.new for line in lines}

    assert "Her uncle hit her" in said().values()
    withdraw(check, cast)
    assert said()["Why it was withdrawn"] == "It was sent to the wrong agency"
    assert not [words for words in said().values() if "uncle" in words]


def test_nothing_more_is_written_under_it_and_what_was_typed_is_offered_back(cast, signed_in):
    check, item, decision = being_decided(cast)
    spoc = signed_in("trust_spoc")
    withdraw(check, cast)
    step = reverse("decisions:step", args=[decision.pk, "consent"])
    page = spoc.post(step, {"choice": "no", "reasons": "Nobody asked the mother"})
    assert page.status_code == 409
    assert WITHDRAWN in text(page)
    assert "Nobody asked the mother" in names_nobody(page)
    for there, form in (
        (at("requests:not_known", check), {"searched": "All our records"}),
        (at("requests:add_item", check), {"title": "A visit in May"}),
        (reverse("requests:change_item", args=[check.pk, item.pk]), {"title": "A visit in May"}),
    ):
        page = spoc.post(there, form)
        assert page.status_code == 409, there
        assert next(iter(form.values())) in names_nobody(page)
    for there in (step, at("decisions:record", decision)):  # nor is what was told shown again
        page = spoc.post(there, {"decided_at_0": "never", "reasons": ""})
        assert page.status_code == 409, there
        assert WITHDRAWN in names_nobody(page)
    assert Item.objects.get().status == Item.Status.HELD
    with pytest.raises(TransitionRefused, match=WITHDRAWN):
        deciding.consider_points(
            fresh(decision), by=cast.trust_spoc, kind="how", points={"need": (True, "")}
        )
    with pytest.raises(TransitionRefused, match=WITHDRAWN):
        advising.seek_advice(
            fresh(decision),
            by=cast.trust_spoc,
            idempotency_key=uuid4(),
            step="purpose",
            question="May I?",
        )


def test_a_draft_decision_is_not_recorded_any_more(cast):
    decision = walks.ready_to_share(cast)
    withdraw(decision.agency_check, cast)
    with pytest.raises(TransitionRefused, match=WITHDRAWN):
        recording.record_decision(fresh(decision), by=cast.trust_spoc)
    assert fresh(decision).status == Decision.Status.OPEN
    assert not Item.objects.filter(status=Item.Status.OFFERED).exists()


def test_advice_is_not_awaited_any_more(cast, signed_in):
    check, _item, decision = being_decided(cast)
    asked = advising.seek_advice(
        decision, by=cast.trust_spoc, idempotency_key=uuid4(), step="purpose", question="May I?"
    )
    assert unanswered(cast.trust_adviser).count() == 1
    withdraw(check, cast)
    assert Pause.objects.get(agency_check=check).status == Pause.Status.ENDED
    assert unanswered(cast.trust_adviser).count() == 0
    adviser = signed_in("trust_adviser")
    page = adviser.post(at("decisions:advice", asked), {"outcome": "Yes, you may"})
    assert page.status_code == 409
    assert WITHDRAWN in text(page)
    with pytest.raises(TransitionRefused, match=WITHDRAWN):
        advising.note_advice(fresh(asked), by=cast.trust_spoc, outcome="Yes")


def test_nobody_is_reminded_of_its_time(cast):
    check = walks.an_agency_check(cast)
    reminder = TimeReminder(
        which="late", **reminding.about_what(AgencyCheck.objects.get(pk=check.pk))
    )
    assert reminding.check_of(reminder) is not None
    withdraw(check, cast)
    assert reminding.check_of(reminder) is None


def test_what_was_sent_back_to_reconsider_can_be_withdrawn(cast, signed_in):
    old = walks.refused(cast)
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Arrears matter")
    withdraw(old.agency_check, cast, "not_needed")
    housing = signed_in("housing_spoc")
    page = text(housing.get(at("decisions:decision", old)))
    assert "Rent says nothing about harm" in page  # what was recorded stays its record
    assert at("decisions:anew", old) not in page
    with pytest.raises(TransitionRefused):
        deciding.begin_anew(fresh(old), by=cast.housing_spoc, idempotency_key=uuid4())


def test_an_answer_or_a_part_of_one_is_not_withdrawn(cast, officer):
    answered = walks.an_agency_check(cast)
    actions.answer_not_known(answered, by=cast.trust_spoc, searched="All records")
    page = officer.post(at("requests:withdraw_check", answered), {"because": "mistake"})
    assert page.status_code == 409
    assert "answered: not known to this agency" in text(page)
    assert fresh(answered).status == Status.ANSWERED
    check = walks.taken(cast, "housing")
    walks.listed(check, cast.housing_spoc, "Rent account")
    first = deciding.begin_decision(check, by=cast.housing_spoc, idempotency_key=uuid4())
    walks.listed(fresh(check), cast.housing_spoc, "Complaints about noise")
    walks.refuse(first, by=cast.housing_spoc)
    recording.record_decision(fresh(first), by=cast.housing_spoc)
    assert fresh(check).status == Status.TAKEN
    page = officer.post(at("requests:withdraw_check", check), {"because": "mistake"})
    assert page.status_code == 409
    assert "a part of its answer, which cannot be withdrawn" in text(page)


def test_nobody_else_withdraws_and_a_doubled_click_does_it_once(cast, signed_in, officer):
    check = walks.an_agency_check(cast)
    there = at("requests:withdraw_check", check)
    for who in ("requester", "trust_spoc", "police_partner", "trust_manager"):
        assert signed_in(who).get(there).status_code == 404
        assert signed_in(who).post(there, {"because": "mistake"}).status_code == 404
    with pytest.raises(PermissionDenied):
        withdraw_agency_check(check, by=cast.trust_spoc, because="mistake")
    for _ in range(2):
        assert officer.post(there, {"because": "mistake"}).status_code == 302
    assert officer.post(there, {"because": "not_needed"}).status_code == 409
    assert signed_in("officer2").post(there, {"because": "mistake"}).status_code == 409
    assert fresh(check).withdrawn_because == "mistake"
    assert check.history.filter(history_change_reason="withdraw").count() == 1
    assert Message.objects.filter(topic="enquiry.withdrawn").count() == 1


def test_the_request_goes_on_and_the_agency_can_be_asked_again(cast, officer):
    case = walks.accepted(cast)
    gone, other = (walks.an_agency_check(cast, name, case) for name in ("trust", "housing"))
    withdraw(gone, cast)
    place = InboxPlace.objects.get(pk=case.pk)
    assert (place.place, place.asked, place.answered) == (4, 1, 0)
    actions.answer_not_known(other, by=cast.housing_spoc, searched="All records")
    place.refresh_from_db()
    assert (place.place, place.asked, place.answered) == (2, 1, 1)
    choose = text(officer.get(at("requests:choose_agencies", case)))
    assert "Anytown Health Trust (already asked)" not in choose
    assert "Withdrawn" in choose
    again = walks.an_agency_check(cast, "trust", fresh(case))
    assert again.status == Status.SENT
    withdraw(again, cast)
    place.refresh_from_db()
    assert place.asked == 1


def test_where_all_are_withdrawn_agencies_are_to_be_asked(cast):
    check = walks.an_agency_check(cast)
    withdraw(check, cast)
    place = InboxPlace.objects.get(pk=check.case_id)
    assert (place.place, place.asked) == (3, 0)


def test_the_requester_reads_nothing_of_it_and_the_record_of_the_front_door_does(
    cast, signed_in, officer
):
    from decisions.printing import selectors as printing

    case = walks.released(cast)
    check = walks.an_agency_check(cast, "school", case)
    withdraw(check, cast, "other", note="Zed has left that school")
    mine = text(signed_in("requester").get(at("requests:case", case)))
    assert "ithdrawn" not in mine
    parts = printing.of_request(fresh(case), cast.officer).fill().words["parts"]
    (part,) = [each for each in parts if each["agency_check"].pk == check.pk]
    assert part["agency_check"].get_withdrawn_because_display() == "Another reason"
    own = printing.of_check(
        AgencyCheck.objects.select_related("case", "holder").get(pk=check.pk), cast.school_spoc
    ).fill()
    assert (own.words["people"], own.words["questions"], own.words["told"]) == ([], [], [])
