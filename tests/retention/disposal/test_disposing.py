"""A disposal: a dry run, a list, two people, a waiting time, then destruction (ISA-8.1)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from agencies.bootstrap.unattended import join
from agencies.merging.actions import merge
from agencies.models import Agency
from agencies.permissions import Role
from agencies.register import actions as register
from audit.models import Event
from encryption.casekeys import sealing_key
from encryption.disposals import entries
from encryption.errors import KeyDestroyed, KeyMissing
from encryption.files import path_of
from encryption.keystore import CaseKey
from encryption.verifying import open_everything
from requests_app.models import InformationRequest, MatchToken, Subject
from retention.disposal import actions as disposing
from retention.disposal import destroying
from retention.disposal.reckoning import reckon
from retention.holds import actions as holds
from retention.models import Disposal, DisposalList, DisposalStatement, Hold
from tests import walks as requests
from tests.retention import walks
from workflow.transitions import TransitionRefused

pytestmark = [
    pytest.mark.django_db(databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.1"),
]


@pytest.fixture
def case(cast):
    return walks.closed(cast)


def line_of(case):
    return Disposal.objects.get(case=case)


def is_readable(case):
    try:
        sealing_key(case.pk)
    except KeyDestroyed:
        return False
    return True


@pytest.mark.clause("ISA-4.3-RETENTION", part=True)
def test_the_whole_way_leaves_the_skeleton_and_nothing_to_read(cast, case):
    files = [walks.with_file(case)]
    assert all(path_of(file.pk).exists() for file in files)
    assert MatchToken.objects.filter(case=case).exists()
    row = walks.approved(cast, case)
    assert destroying.carry_out() == (0, 0), "the waiting time runs"
    assert is_readable(case)
    walks.waited(row)
    assert destroying.carry_out() == (1, 0)
    assert not is_readable(case)
    assert not CaseKey.objects.filter(case_id=case.pk, wrapped__isnull=False).exists()
    assert not any(path_of(file.pk).exists() for file in files)
    assert not MatchToken.objects.filter(case=case).exists()
    found = open_everything(lambda _done: None)
    assert not found.opened["cells"]
    assert not found.broken
    assert found.destroyed["cells"]
    assert found.destroyed["cells of history"]
    assert found.destroyed["attached files"] == len(files)
    line = line_of(case)
    assert (line.status, line.files) == ("destroyed", len(files))
    assert line.tokens
    # Seven days, the night in which the next backup removes what is past them, and its day.
    after = timezone.localdate(line.destroyed_at + timedelta(days=8))
    assert line.key_gone_on == after + timedelta(days=1)
    assert DisposalList.objects.get(pk=row.pk).status == "done"
    assert [entry.case_id for entry in entries()] == [case.pk]
    left = InformationRequest.objects.get(pk=case.pk)
    assert left.reference == case.reference
    assert left.agency_checks.count() == 2
    assert {person.initials for person in left.subjects.all()} == {"disposed of"}


def test_doing_it_again_does_nothing(cast, case):
    walks.destroyed(cast, case)
    before = list(Disposal.history.values_list("id", "version"))
    assert destroying.carry_out() == (0, 0)
    assert destroying.waiting() == 0
    assert list(Disposal.history.values_list("id", "version")) == before


def test_two_people_are_two_people(cast, case):
    join(cast.users["officer"], Role.ADVISER, cast.agencies["front_door"])
    row = walks.listed(cast, case)
    for who in ("officer", "officer2", "requester", "trust_adviser", "administrator"):
        with pytest.raises(PermissionDenied):
            disposing.approve_disposal(row, by=getattr(cast, who))
    disposing.approve_disposal(row, by=cast.desk_lead)


@pytest.mark.parametrize("refused", [False, True])
def test_it_can_be_cancelled_until_the_end_and_listed_again(cast, case, refused):
    row = walks.listed(cast, case)
    act = disposing.refuse_disposal if refused else disposing.approve_disposal
    act(row, by=cast.desk_lead)
    disposing.cancel_disposal(row, by=cast.officer2)
    if not refused:
        with pytest.raises(TransitionRefused):
            disposing.approve_disposal(row, by=cast.desk_lead)
    assert line_of(case).status == "kept"
    assert destroying.carry_out() == (0, 0)
    assert is_readable(case)
    again = disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())
    assert again.lines.get().case == case


def test_cancelling_is_too_late_once_it_has_begun(cast, case):
    row = walks.waited(walks.approved(cast, case))
    assert destroying._begin(line_of(case))
    with pytest.raises(TransitionRefused, match="being destroyed"):
        disposing.cancel_disposal(row, by=cast.officer)
    with pytest.raises(TransitionRefused, match="disposed of"):
        walks.held(cast, case)
    assert destroying.carry_out() == (1, 0)


@pytest.mark.clause("ISA-8.2")
@pytest.mark.parametrize("who", ["officer", "trust_manager", "school_spoc", "housing_spoc"])
def test_a_hold_beats_all_of_it(cast, case, who):
    row = walks.waited(walks.approved(cast, case))
    held = walks.held(cast, case, who)
    assert destroying.carry_out() == (0, 1)
    assert is_readable(case)
    assert line_of(case).status == "kept"
    assert DisposalList.objects.get(pk=row.pk).status == "done"
    with pytest.raises(TransitionRefused, match="something prevents it"):
        disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())
    holds.lift_hold(held, by=getattr(cast, who))
    disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())


def test_only_its_agency_lifts_a_hold(cast, case):
    held = walks.held(cast, case, "trust_manager")
    for who in ("officer", "housing_spoc", "school_spoc", "administrator", "board_partner"):
        with pytest.raises(PermissionDenied):
            holds.lift_hold(held, by=getattr(cast, who))
    holds.lift_hold(held, by=cast.trust_spoc)


@pytest.mark.parametrize("status", ["left", "merged"])
def test_the_front_door_lifts_the_hold_of_an_agency_that_has_gone(signed_in, cast, case, status):
    walks.at_once(cast)
    held, client = walks.held(cast, case, "trust_manager"), signed_in("officer")
    there = reverse("retention:of_request", args=[case.pk])
    lift = reverse("retention:lift", args=[held.pk])
    assert client.post(lift).status_code == 404, "of an agency that is there"
    assert "Lift this hold" not in client.get(there).content.decode()
    agency, by = cast.agencies["trust"], cast.administrator
    if status == "left":
        register.leave(agency, by=by, reason="closed", expected_version=None)
    else:
        merge(agency, into=cast.agencies["housing"], by=by, expected_version=None)
    assert Agency.objects.get(pk=agency.pk).status == status
    expected_version = client.get(there).content.decode()
    assert "Lift this hold" in expected_version
    assert "is no longer on the register" in expected_version
    for who in ("school_spoc", "housing_spoc", "desk_lead", "administrator"):
        assert signed_in(who).post(lift).status_code in {403, 404}, who
    assert client.post(lift).url == there
    past = Hold.history.get(id=held.pk, status="lifted")
    assert past.history_user == cast.users["officer"]
    assert Event.objects.filter(thing_id=str(held.pk), move="hold.lift").count() == 1
    disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())


def test_who_has_no_part_holds_nothing(cast, case):
    for who in ("police_spoc", "administrator", "board_partner", "desk_lead", "requester"):
        with pytest.raises(PermissionDenied):
            walks.held(cast, case, who)


def test_an_open_scrutiny_stands_in_the_way(cast):
    walks.at_once(cast)
    case = requests.released(cast)
    [found] = reckon([case])
    assert found.is_due
    assert not found.can_go
    assert found.obstacle == "open"
    with pytest.raises(TransitionRefused):
        disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())


def test_something_open_again_is_seen_at_the_end(cast, case):
    walks.waited(walks.approved(cast, case))
    requests.opened(cast, case)
    assert destroying.carry_out() == (0, 1)
    assert is_readable(case)


def test_a_record_that_the_keystore_does_not_know_keeps_back_no_other(cast, case):
    others = [walks.closed(cast) for _ in range(2)]
    row = walks.waited(walks.approved(cast, case, *others))
    kept = list(CaseKey.objects.using("keystore").filter(case_id=case.pk))
    CaseKey.objects.using("keystore").filter(case_id=case.pk).delete()
    with pytest.raises(CommandError) as told:
        call_command("disposals", "carry-out")
    for word in ("destroyed: 2", "Of 1 the keystore has no key", case.reference, "run this again"):
        assert word in str(told.value)
    assert [line_of(each).status for each in (case, *others)] == ["destroying", *["destroyed"] * 2]
    assert line_of(case).key_gone_on is None, "there is no certificate"
    assert DisposalList.objects.get(pk=row.pk).status == "approved"
    with pytest.raises(KeyMissing):
        destroying.carry_out()
    CaseKey.objects.using("keystore").bulk_create(kept)
    assert destroying.carry_out() == (1, 0)
    assert DisposalList.objects.get(pk=row.pk).status == "done"
    assert not is_readable(case)


def test_what_is_not_due_is_not_listed_and_nothing_of_the_list_stays(cast, case):
    with pytest.raises(TransitionRefused, match="not due yet"):
        disposing.list_for_disposal([case], by=cast.officer, idempotency_key=uuid4())
    assert not DisposalList.objects.exists()
    assert not Disposal.objects.exists()


def test_one_record_stands_on_one_list(cast, case):
    walks.listed(cast, case)
    with pytest.raises(TransitionRefused, match="already"):
        disposing.list_for_disposal([case], by=cast.officer2, idempotency_key=uuid4())


def test_a_doubled_click_lists_once(cast, case):
    walks.at_once(cast)
    idempotency_key = uuid4()
    for _ in range(2):
        disposing.list_for_disposal([case], by=cast.officer, idempotency_key=idempotency_key)
    assert Disposal.objects.count() == 1


def test_receivers_are_asked_by_the_reference_they_know(cast, case):
    walks.destroyed(cast, case)
    asked = {row.agency: row.reference for row in DisposalStatement.objects.all()}
    checks = {check.holder: check.reference for check in case.agency_checks.all()}
    assert asked == checks | {cast.agencies["school"]: case.reference}


def test_a_disposed_record_cannot_be_written_to_by_its_people(cast, case):
    walks.destroyed(cast, case)
    with pytest.raises((TransitionRefused, KeyDestroyed)):
        walks.held(cast, case)
    child = Subject.objects.filter(case=case).first()
    with pytest.raises(KeyDestroyed):
        _ = child.given_name
