"""What may change between a list and its carrying out, and what is said of it afterwards."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from backups import pruning
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.models import InformationRequest
from requests_app.people import actions as people
from retention.disposal import actions as disposing
from retention.disposal import destroying
from retention.disposal.reckoning import reckon
from retention.models import Disposal, DisposalList, DisposalStatement, Hold
from retention.purpose_served import actions as purposes
from retention.statements import actions as stating
from retention.tasks import remind_of_statements
from tests import walks as requests
from tests.retention import walks
from tests.retention.test_pages import A_DAY, NEXT_YEAR
from workflow.dates import later
from workflow.transitions import TransitionRefused

pytestmark = [
    pytest.mark.django_db(databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.1"),
]


@pytest.fixture
def case(cast):
    return walks.closed(cast)


def there(name, *things):
    return reverse(f"retention:{name}", args=[thing.pk for thing in things])


def page(answer):
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.clause("ISA-8.2")
def test_a_schedule_that_became_longer_takes_a_record_off_its_list(cast, case):
    walks.waited(walks.approved(cast, case))
    walks.a_schedule(cast, cast.agencies["trust"], "answered", months=300)
    assert destroying.carry_out() == (0, 1)
    assert Disposal.objects.get().status == "kept"


def test_a_purpose_that_is_not_served_after_all_takes_it_off_too(cast, case):
    walks.at_once(cast, starts="served")
    said = walks.served(cast, case)
    row = disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())
    walks.waited(disposing.approve_disposal(row, by=cast.desk_lead))
    purposes.take_purpose_back(said, by=cast.requester)
    assert destroying.carry_out() == (0, 1)


@pytest.mark.clause("ISA-8.2")
def test_being_listed_is_no_contact_and_anything_else_is(signed_in, cast, case):
    walks.at_once(cast, starts="last_contact", months=1)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        officer = signed_in("officer")
        form = {"idempotency_key": uuid4(), "records": [case.pk]}
        assert officer.post(there("due"), form).status_code == 302
        listed = DisposalList.objects.get()
        disposing.cancel_disposal(listed, by=cast.officer)
        row = disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())
        walks.waited(disposing.approve_disposal(row, by=cast.desk_lead))
        with time_machine.travel(timezone.now() + timedelta(days=20)):
            assert destroying._begin(row.lines.get())


def test_something_opened_while_it_waited_counts_as_contact(cast, case):
    walks.at_once(cast, starts="last_contact", months=1)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        row = disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())
        walks.waited(disposing.approve_disposal(row, by=cast.desk_lead))
        opening = requests.opened(cast, case)
        requests.openings.close_opening(opening, by=cast.police_partner)
        assert destroying.carry_out() == (0, 1)


@pytest.mark.clause("ISA-8.2")
@pytest.mark.parametrize("who", ["trust_manager", "school_spoc", "officer"])
def test_whoever_comes_too_late_with_a_hold_is_told_so(signed_in, cast, case, who):
    row = walks.waited(walks.approved(cast, case))
    assert destroying._begin(row.lines.get())
    form = {
        "idempotency_key": uuid4(),
        "reason": "inquiry",
        "in_words": "The inquiry asks",
        **A_DAY,
    }
    check = case.agency_checks.get(holder=cast.agencies["trust"])
    where = there("hold_check", check) if who == "trust_manager" else there("hold_request", case)
    assert signed_in(who).post(where, form).status_code == 409
    assert not Hold.objects.exists()


def test_what_is_gone_is_said_to_be_gone_and_nothing_more_is_offered(signed_in, cast, case):
    said = walks.served(cast, case)
    walks.destroyed(cast, case)
    check = case.agency_checks.get(holder=cast.agencies["trust"])
    for who, where in (
        ("requester", there("of_request", case)),
        ("school_spoc", there("of_request", case)),
        ("trust_manager", there("of_check", check)),
    ):
        read = page(signed_in(who).get(where))
        assert "has been disposed of" in read
        for button in ("Its purpose is served", "Undo this", "Put it on hold"):
            assert button not in read
    with pytest.raises(TransitionRefused, match="disposed of"):
        purposes.take_purpose_back(said, by=cast.requester)
    for who in ("requester", "school_spoc"):
        assert signed_in(who).post(there("serve", case)).status_code == 409


def test_a_page_sent_twice_lists_once_and_with_other_records_not_at_all(signed_in, cast, case):
    other = walks.closed(cast)
    walks.at_once(cast)
    officer, form = signed_in("officer"), {"idempotency_key": uuid4(), "records": [case.pk]}
    for _ in range(2):
        answer = officer.post(there("due"), form)
        assert answer.url == there("list", DisposalList.objects.get())
    assert officer.post(there("due"), form | {"records": [other.pk]}).status_code == 409
    assert officer.post(there("due"), form | {"records": [case.pk, other.pk]}).status_code == 409
    assert Disposal.objects.get().case == case
    disposing.cancel_disposal(DisposalList.objects.get(), by=cast.officer)
    assert officer.post(there("due"), form).status_code == 409, "it would say that it is listed"


def test_cancelling_what_is_half_done_does_not_say_that_nothing_was_destroyed(
    signed_in, cast, case
):
    row = walks.waited(walks.approved(cast, case, walks.closed(cast)))
    first = row.lines.order_by("case_id").first()
    assert destroying._begin(first)
    destroying._destroy(first)
    said = page(signed_in("officer").post(there("cancel", row), follow=True))
    assert "Nothing on it is disposed of" not in said
    assert "Nothing more on it is disposed of" in said


def test_a_receiver_that_keeps_its_copy_for_longer_says_so(signed_in, cast, case):
    walks.destroyed(cast, case)
    row = DisposalStatement.objects.get(agency=cast.agencies["trust"])
    for day in (NEXT_YEAR, NEXT_YEAR + timedelta(days=365)):
        until = {f"until_{part}": getattr(day, part) for part in ("day", "month", "year")}
        form = {"said": "own_record", **until}
        assert signed_in("trust_manager").post(there("statement", row), form).status_code == 302
        assert DisposalStatement.objects.get(pk=row.pk).kept_until == day


def test_a_receiver_that_kept_its_copy_is_asked_again_when_that_time_is_over(cast, case):
    walks.destroyed(cast, case)
    row = DisposalStatement.objects.get(agency=cast.agencies["trust"])
    until = timezone.localdate() + timedelta(days=100)
    stating.state_kept(row, by=cast.trust_spoc, because="court", until=until)

    def reminded(days):
        with time_machine.travel(row.asked_at + timedelta(days=days, hours=1), tick=False):
            remind_of_statements()
            remind_of_statements()
        return Message.objects.filter(topic="statement.chased", about=str(row.pk)).count()

    assert [reminded(days) for days in (20, 100, 113, 114, 128, 300)] == [0, 0, 0, 1, 2, 3]
    assert "has passed" in writer_of("statement.chased")(str(row.pk)).text
    stating.state_disposed(row, by=cast.trust_spoc)
    assert reminded(500) == 3


@pytest.mark.clause("ISA-8.2")
def test_a_child_not_yet_born_keeps_a_record_longer_than_its_brother(cast):
    case = requests.a_draft(cast)
    expected = timezone.localdate() + timedelta(days=60)
    people.add_subject(
        case,
        by=cast.requester,
        idempotency_key=uuid4(),
        role="child",
        details={"given_name": "Una", "is_unborn": True, "due_date": expected},
    )
    walks.at_once(cast, starts="birth", months=300)
    [found] = reckon([InformationRequest.objects.get(pk=case.pk)])
    assert found.due_on > later(expected, months=300)
    assert (found.due_on.month, found.due_on.day) == (12, 31)


@pytest.mark.clause("ISA-8.2")
def test_a_birth_that_is_not_known_keeps_it_from_the_last_contact(cast):
    case = requests.a_draft(cast)
    people.add_subject(
        case,
        by=cast.requester,
        idempotency_key=uuid4(),
        role="child",
        details={"given_name": "Una"},
    )
    walks.at_once(cast, starts="birth", months=300)
    [found] = reckon([InformationRequest.objects.get(pk=case.pk)])
    assert (found.due_on, found.because) == (
        later(timezone.localdate(), months=300),
        "last_contact",
    )


def test_on_the_day_of_the_certificate_no_copy_of_the_keys_holds_this_one(
    cast, case, tmp_path, monkeypatch
):
    monkeypatch.setattr(pruning, "_is_whole", lambda *_: True)
    # Of tomorrow: that is after the waiting at whatever hour this runs.
    at = datetime.now(UTC).replace(hour=13) + timedelta(days=1)
    last = tmp_path / f"keystore-{at - timedelta(minutes=1):{pruning.STAMP}}-last"
    last.mkdir()
    walks.waited(walks.approved(cast, case))
    with time_machine.travel(at, tick=False):
        assert destroying.carry_out() == (1, 0)
    night = at.replace(hour=1, minute=10)
    while last.exists():
        night += timedelta(days=1)
        (tmp_path / f"keystore-{night:{pruning.STAMP}}-new").mkdir()
        with time_machine.travel(night, tick=False):
            pruning.prune(tmp_path, "keystore")
    assert night.date() < Disposal.objects.get().key_gone_on


@pytest.mark.clause("ISA-8.2")
def test_a_record_that_does_not_open_is_kept_and_takes_no_list_away(signed_in, cast, case):
    other = walks.closed(cast)
    walks.at_once(cast, starts="birth", months=0)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE requests_app_subject SET date_of_birth = set_byte(date_of_birth, 40,"
            " get_byte(date_of_birth, 40) # 1) WHERE case_id = %s AND role = 'child'",
            [case.pk],
        )
    read = page(signed_in("officer").get(there("due")))
    assert other.reference in read
    [found] = reckon([case])
    assert (found.obstacle, found.can_go) == ("unreadable", False)


def test_a_replay_without_a_register_says_so(cast, case, register):
    register.unlink(missing_ok=True)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("disposals", "replay")
