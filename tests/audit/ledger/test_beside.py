"""What no leaf speaks of and follows from what leaves say: who is active, and match tokens.

All by SQL in the database role of pages, which may change both (docs/adr/0103).
"""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command

from agencies.invitations import actions as invitations
from agencies.models import Membership, User
from agencies.people import actions as people
from audit.ledger.verifying_rows import verify_live
from requests_app.asking import actions as asking
from requests_app.matching import tokens_held
from requests_app.models import MatchToken, Subject
from requests_app.people import actions as subjects
from requests_app.triage import actions as triage
from tests import walks
from tests.agencies.people_walks import NEW, invited
from tests.audit.known import asked, numbers_in, put_on_record
from tests.audit.pages import as_page

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("P-RECORD", part=True),
]


@pytest.fixture
def sql(cast):
    """One statement as that role."""

    def run(statement, *values):
        as_page(cast, (statement, values), ("SET LOCAL ROLE none", []))

    return run


# People


def test_a_person_made_inactive_is_named_until_they_are_active_again(cast, sql, capsys):
    nurse = cast.users["trust_nurse"]
    sql("UPDATE agencies_user SET is_active = false WHERE id = %s", nurse.pk)
    said = f"Person {nurse.pk} is inactive, and has accepted an invitation. No step made it so."
    assert verify_live().wrong == [said]
    sql("UPDATE agencies_user SET is_active = true WHERE id = %s", nurse.pk)
    assert verify_live().wrong == []
    # Whoever runs the portal may have had a reason.
    sql("UPDATE agencies_user SET is_active = false WHERE id = %s", nurse.pk)
    [number] = numbers_in(asked(capsys, "verify-live")[1])
    assert put_on_record(capsys, number)[0]
    assert asked(capsys, "verify-live")[0]


@pytest.mark.parametrize("how", ["suspended", "left", "a history row"])
def test_so_is_one_who_belongs_nowhere_any_more(cast, sql, how):
    nurse = cast.users["trust_nurse"]
    membership = Membership.objects.get(user=nurse)
    if how == "suspended":
        people.suspend(membership, by=cast.trust_manager, reason="x")
    elif how == "left":
        people.leave(membership, by=cast.trust_manager)
    assert verify_live().wrong == []
    sql("UPDATE agencies_user SET is_active = false WHERE id = %s", nurse.pk)
    if how == "a history row":
        # History of people is in no leaf, so it is not believed.
        past = User.history.model._meta
        names = ", ".join(each.column for each in past.concrete_fields if not each.primary_key)
        sql(
            f"INSERT INTO agencies_historicaluser ({names}) SELECT "  # noqa: S608
            + names.replace("is_active", "false")
            + " FROM agencies_historicaluser WHERE id = %s LIMIT 1",
            nurse.pk,
        )
    assert len(verify_live().wrong) == 1


def test_whoever_was_invited_is_inactive_until_they_accept(cast, sql):
    invitation = invited(cast)
    new = User.objects.get(email=NEW)
    assert verify_live().wrong == []
    sql("UPDATE agencies_user SET is_active = true WHERE id = %s", new.pk)
    said = f"Person {new.pk} is active, and has accepted no invitation. No step made it so."
    assert verify_live().wrong == [said]
    sql("UPDATE agencies_user SET is_active = false WHERE id = %s", new.pk)
    invitations.accept_as_new(
        invitation, given_name="A", family_name="B", job_title="C", password=str(uuid4())
    )
    assert User.objects.get(pk=new.pk).is_active
    assert verify_live().wrong == []


def test_so_is_one_whose_invitation_was_taken_back(cast):
    invitation = invited(cast)
    invitations.take_back_invitation(invitation.membership, by=cast.trust_manager)
    assert verify_live().wrong == []


def test_somebody_who_belonged_nowhere_is_not_judged(cast):
    User.objects.create_user("nobody@elsewhere.example")
    assert verify_live().wrong == []


# Match tokens


@pytest.fixture
def case(cast):
    return walks.sent(cast)


@pytest.fixture
def child(case):
    return case.subjects.get(role="child")


def missing(child, gone, added=0):
    return (
        f"Match tokens of person {child.pk} in request {child.case.reference} are not those of "
        f"what is known: {gone} missing, {added} added."
    )


def test_tokens_that_are_gone_are_counted_by_request(case, child, sql):
    assert verify_live().wrong == []
    every = MatchToken.objects.filter(subject=child).count()
    sql(
        "DELETE FROM requests_app_matchtoken WHERE subject_id = %s AND kind = 'nhs_number'",
        child.pk,
    )
    assert verify_live().wrong == [missing(child, 1)]
    sql("DELETE FROM requests_app_matchtoken WHERE case_id = %s", case.pk)
    assert verify_live().wrong[0].startswith("Match tokens of person")
    assert missing(child, every) in verify_live().wrong


ADD = (
    "INSERT INTO requests_app_matchtoken (case_id, subject_id, kind, token)"
    " SELECT case_id, subject_id, kind, sha256(token) FROM requests_app_matchtoken"
    " WHERE subject_id = %s AND kind = %s"
)
DELETE = "DELETE FROM requests_app_matchtoken WHERE subject_id = %s AND kind = %s AND token = %s"


@pytest.mark.parametrize("kind", ["nhs_number", "surname_and_year", "forename_and_birth"])
def test_one_that_was_added_or_put_in_place_of_another_is_found(child, sql, kind):
    [was] = MatchToken.objects.filter(subject=child, kind=kind)[:1]
    sql(ADD, child.pk, kind)
    assert verify_live().wrong[0] == missing(
        child, 0, MatchToken.objects.filter(subject=child, kind=kind).count() // 2
    )
    sql(DELETE, child.pk, kind, bytes(was.token))
    assert "1 missing" in verify_live().wrong[0]


def test_one_of_another_request_is_found(cast, child, sql):
    other = walks.sent(cast)
    sql(
        "INSERT INTO requests_app_matchtoken (case_id, subject_id, kind, token)"
        " SELECT %s, subject_id, kind, sha256(token) FROM requests_app_matchtoken"
        " WHERE subject_id = %s AND kind = 'nhs_number'",
        *(other.pk, child.pk),
    )
    assert verify_live().wrong == [missing(child, 0, 1)]


def test_what_people_do_leaves_tokens_as_they_should_be(cast, case, child):
    draft, given_up = walks.a_draft(cast), walks.a_draft(cast)
    subjects.change_subject(
        draft.subjects.get(role="child"), by=cast.requester, details={"nhs_number": "9990000026"}
    )
    subjects.remove_subject(draft.subjects.get(role="risk"), by=cast.requester)
    asking.discard_draft(given_up, by=cast.requester)
    triage.decline_request(walks.sent(cast), by=cast.officer, reason="No purpose")
    walks.released(cast)
    assert verify_live().wrong == []


def a_discarded_draft_with_tokens(cast):
    """Its child, and how many tokens of it were put back."""
    draft = walks.a_draft(cast)
    kept = list(MatchToken.objects.filter(case=draft).values())
    child = draft.subjects.get(role="child")
    asking.discard_draft(draft, by=cast.requester)
    assert not MatchToken.objects.filter(case=draft).exists()
    MatchToken.objects.bulk_create(MatchToken(**row) for row in kept)
    return child, MatchToken.objects.filter(subject=child).count()


def test_tokens_of_a_draft_that_was_discarded_are_too_many(cast):
    child, kept = a_discarded_draft_with_tokens(cast)
    assert missing(child, 0, kept) in verify_live().wrong


def tokens(capsys, *words):
    capsys.readouterr()
    try:
        call_command("match_tokens", *words)
    except CommandError as fault:
        return False, f"{capsys.readouterr().out}{fault}"
    return True, capsys.readouterr().out


def test_they_are_made_anew_of_what_is_known(cast, case, child, sql, capsys):
    before = set(MatchToken.objects.values_list("case", "subject", "kind", "token"))
    before = {(*row[:3], bytes(row[3])) for row in before}
    a_discarded_draft_with_tokens(cast)
    sql(ADD, child.pk, "nhs_number")
    sql(
        "DELETE FROM requests_app_matchtoken WHERE subject_id = %s AND kind = 'surname_and_year'",
        child.pk,
    )
    well, said = tokens(capsys, "list")
    assert well
    assert missing(child, 1, 1) in said
    assert verify_live().wrong != []
    well, said = tokens(capsys, "put-right")
    assert (well, missing(child, 1, 1) in said, "made anew" in said) == (True, True, True)
    now = {
        (*row[:3], bytes(row[3]))
        for row in MatchToken.objects.values_list("case", "subject", "kind", "token")
    }
    assert now == before
    assert verify_live().wrong == []
    assert "should be: 0." in tokens(capsys, "put-right")[1]


def test_it_needs_the_ring(child, sql, settings, capsys):
    sql("DELETE FROM requests_app_matchtoken WHERE subject_id = %s", child.pk)
    settings.PORTAL_KEYS = "none"
    for word in ("list", "put-right"):
        well, said = tokens(capsys, word)
        assert (well, "key ring" in said) == (False, True)
    assert not MatchToken.objects.filter(subject=child).exists()


def test_people_are_read_some_at_a_time(
    cast, case, sql, monkeypatch, django_assert_max_num_queries
):
    """However many there are: no table is held whole."""
    monkeypatch.setattr("audit.ledger.reading.CHUNK", 2)
    for _each in range(2):
        walks.sent(cast)
    asked_for = []
    among = tokens_held.unlike_among
    monkeypatch.setattr(
        tokens_held, "unlike_among", lambda some: asked_for.append(len(some)) or among(some)
    )
    sql("DELETE FROM requests_app_matchtoken")
    found = list(tokens_held.unlike_tokens())
    assert max(asked_for) == 2
    assert len(asked_for) > 1
    assert {each.subject.case_id for each in found} >= {case.pk}


def test_of_many_people_each_has_a_turn_within_some_days(cast, case, sql, monkeypatch):
    for _each in range(2):
        walks.sent(cast)
    monkeypatch.setattr(tokens_held, "A_DAY", 2)
    sql("DELETE FROM requests_app_matchtoken")
    shares = 1 + Subject.objects.count() // 2
    found = []
    for day in range(1, 1 + shares):
        with time_machine.travel(dt.datetime(2027, 3, day, 12, tzinfo=dt.UTC), tick=False):
            found += [said.what for said in tokens_held.tokens_unlike_people()]
    everybody = [tokens_held.what_is_wrong(each) for each in tokens_held.unlike_tokens()]
    assert shares > 1 < len(everybody)
    assert sorted(found) == sorted(everybody)


# Looks


def test_a_look_without_its_leaf_is_named(cast, case, sql):
    """One with its leaf is not: docs/threat-model.md says why."""
    sql(
        "INSERT INTO audit_accessentry (at, person, agency, case_id, thing, thing_id, kind, may)"
        " VALUES (now(), %s, %s, %s, 'requests_app.informationrequest', %s, 'opened', 'triage')",
        *(str(cast.officer.user.pk), str(cast.officer.agency.pk), case.pk, str(case.pk)),
    )
    [said] = verify_live().wrong
    assert said.endswith("was added and is in no ledger.")
    assert said.startswith("audit.AccessEntry")
