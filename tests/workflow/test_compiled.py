"""Queries that are put together once give what the queryset itself would, to whoever asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg2
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.db.models import Prefetch
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Agency, Membership, User
from agencies.permissions import Permission
from requests_app import selectors
from requests_app.models import AgencyCheck, InformationRequest, Subject
from requests_app.policies import AGENCY_CHECKS, REQUESTS
from tests import walks
from tests.cast import PEOPLE
from tests.statements import texts
from workflow import compiled
from workflow.compiled import Compiled, ForActor, count_for, rows_for
from workflow.gateway import fetch_or_404, reached_by
from workflow.related import hang, hung
from workflow.together import Together

pytestmark = pytest.mark.django_db

SELECTORS = (selectors.mine, selectors.inbox, selectors.checks)


def prepared():
    return vars(connection._connections["default"]).setdefault(compiled.KEPT, {})


@pytest.mark.parametrize("selector", SELECTORS)
def test_each_person_gets_what_the_queryset_gives(cast, selector):
    walks.taken(cast)
    walks.sent(cast)
    for _turn in range(2):
        for who in PEOPLE:
            actor = getattr(cast, who)
            wanted = list(selector(actor))
            assert rows_for(actor, selector) == wanted, who
            assert count_for(actor, selector) == len(wanted), who


def test_two_of_the_same_shape_share_a_statement_and_no_row(cast):
    case = walks.sent(cast)
    statements = []
    for who, rows in (("requester", [case]), ("classmate", [])):
        with CaptureQueriesContext(connection) as asked:
            assert rows_for(getattr(cast, who), selectors.mine) == rows
        statements.append(texts(asked)[0])
    assert statements[0] == statements[1]
    assert "$1" in statements[0]


def test_a_permission_that_is_gone_is_another_query(cast):
    walks.sent(cast)
    officer = cast.officer
    assert rows_for(officer, selectors.inbox)
    assert rows_for(replace(officer, permissions=frozenset()), selectors.inbox) == []
    assert rows_for(officer, selectors.inbox)


@pytest.mark.parametrize("name", ["name", "last_name", "memberships", "password"])
def test_nothing_else_of_whoever_asks_becomes_a_part_of_the_query(cast, name):
    def of_agency(actor):
        return Agency.objects.filter(name=getattr(actor.agency, name))

    def of_person(actor):
        return User.objects.filter(last_name=getattr(actor.user, name))

    for query in (of_agency, of_person):
        with pytest.raises(AttributeError):
            ForActor(query)(cast.officer)


def test_a_day_of_the_query_itself_does_not_stay(cast):
    def until_now():
        return Membership.objects.filter(since__lte=timezone.now() - timedelta(days=1))

    def until_today():
        return Membership.objects.filter(since__date__lt=timezone.localdate())

    for query in (until_now, until_today):
        ask = Compiled(query)
        assert ask() == []
        with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
            assert len(ask()) == Membership.objects.count() > 0
        assert ask() == []


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_first_value_may_be_at_the_end_of_the_calendar(at):
    ask = Compiled(lambda at: Membership.objects.filter(since=at))
    assert ask(at=at) == []


def test_an_id_of_the_query_itself_does_not_stay(cast):
    chosen = [cast.users["officer"].pk]
    ask = Compiled(lambda: User.objects.filter(pk=chosen[0]))
    assert ask() == [cast.users["officer"]]
    chosen[0] = cast.users["requester"].pk
    assert ask() == [cast.users["requester"]]


def test_none_of_a_list_and_many_go_by_one_statement(cast):
    ask = Compiled(lambda ids: User.objects.filter(pk__any_of=ids))
    users = [cast.users["officer"], cast.users["requester"]]
    assert ask(ids=[]) == []
    assert set(ask(ids=[each.pk for each in users])) == set(users)
    assert ask(ids=[uuid4()]) == []
    assert len([key for key in prepared() if key[0] is ask]) == 1


def test_what_hangs_on_the_rows_comes_as_django_would_give_it(cast):
    check = walks.taken(cast)
    walks.listed(check, cast.trust_spoc, "one", "two")
    first = Prefetch("items", check.items.model.objects.filter(status="listed"))
    rows = AgencyCheck.objects.order_by("pk").prefetch_related("pauses", "case__subjects", first)
    wanted, [got] = rows.get(), Compiled(lambda: rows)()
    for name in ("items", "pauses"):
        assert list(getattr(got, name).all()) == list(getattr(wanted, name).all())
    assert list(got.case.subjects.all()) == list(wanted.case.subjects.all())
    assert all(each.agency_check is got for each in got.items.all())
    with CaptureQueriesContext(connection) as asked:
        assert {each.case for each in got.case.subjects.all()} == {got.case}
    assert not asked.captured_queries
    with pytest.raises(AttributeError):
        got.items.filter(status="listed")


def test_too_many_are_forgotten_and_asked_again(cast, monkeypatch):
    monkeypatch.setattr(compiled, "MOST", 5)
    for number in range(12):
        ask = Compiled(lambda most: User.objects.order_by("pk")[:most])
        assert len(ask(number + 1)) == min(number + 1, User.objects.count())
        assert len(prepared()) <= 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] <= 5


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_opened_again_prepares_again(cast):
    ask = Compiled(lambda pk: User.objects.filter(pk=pk))
    for _turn in range(2):
        assert ask(pk=cast.users["officer"].pk) == [cast.users["officer"]]
        connection.close()


def test_a_moment_that_the_database_says_is_prepared(cast):
    ask = Compiled(lambda: InformationRequest.objects.filter(started_at__lte=Now()))
    case = walks.sent(cast)
    assert ask() == [case]
    assert ask() == [case]


def test_the_same_row_is_allowed_and_fetched(cast):
    case = walks.taken(cast).case
    for who in PEOPLE:
        actor = getattr(cast, who)
        for policy, row in ((REQUESTS, case), (AGENCY_CHECKS, case.agency_checks.get())):
            for permission in Permission:
                reached = policy.scope(actor, permission).filter(pk=row.pk).exists()
                assert policy.allows(actor, row, permission) == reached, (who, permission)


@pytest.mark.django_db(transaction=True)
def test_a_link_that_was_cut_costs_the_next_request_nothing(cast):
    ask = Compiled(lambda pk: User.objects.filter(pk=pk))
    officer = cast.users["officer"]
    assert ask(pk=officer.pk) == [officer]
    link = connection.connection
    with psycopg2.connect(link.dsn, password=link.info.password) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [link.info.backend_pid])
    other.close()
    # As at the start of a request, where the settings ask for it.
    connection.health_check_enabled, connection.health_check_done = True, False
    assert ask(pk=officer.pk) == [officer]
    connection.health_check_enabled = False
    assert connection.connection is not link


def test_what_the_database_refuses_to_prepare_is_an_error_of_django(cast):
    ask = Compiled(lambda pk: User.objects.filter(pk=pk))
    with transaction.atomic():
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        with pytest.raises(DatabaseError):
            ask(pk=uuid4())
        transaction.set_rollback(True)


def test_a_value_that_gives_nothing_leaves_the_others_alone(cast):
    ask = Compiled(lambda version: Membership.objects.filter(version=version).values_list("pk"))
    for version in (10**12, 10**30):
        assert ask(version=version) == []
    assert len(ask(version=1)) == Membership.objects.filter(version=1).count() > 0


def test_a_value_that_is_used_in_part_is_refused(cast):
    ask = Compiled(lambda at: Membership.objects.filter(since__lte=at, since__month=at.month))
    with pytest.raises(ValueError, match="something else"):
        ask(at=timezone.now())


def test_a_statement_is_named_by_what_it_says_and_prepared_once(cast):
    ask, again = (Compiled(lambda pk: User.objects.filter(pk=pk)) for _ in range(2))
    for each in (ask, again):
        each(pk=uuid4())
    names = {ready.name for key, ready in prepared().items() if key[0] in (ask, again)}
    assert len(names) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [*names])
        assert cursor.fetchone() == (1,)


TOGETHER = Together(
    theirs=selectors.mine,
    people=lambda case: Subject.objects.filter(case=case).order_by("-pk"),
    roles=lambda case: Subject.objects.filter(case=case).order_by("pk").values_list("role", "pk"),
    checks=lambda actor, before: (
        AGENCY_CHECKS.scope(actor, Permission.ANSWER)
        .filter(sent_at__lt=before)
        .select_related("holder")
    ),
    nobody=User.objects.none,
)


def test_what_is_asked_together_gives_what_each_query_gives(cast, django_assert_num_queries):
    cases = [walks.taken(cast).case, walks.sent(cast)]
    for who in ("requester", "trust_spoc", "officer"):
        for case in cases:
            actor, now = getattr(cast, who), timezone.now()
            values = {"actor": actor, "case": case.pk, "before": now}
            TOGETHER(**values)
            with django_assert_num_queries(2 if who == "requester" else 1):  # "mine" has children
                found = TOGETHER(**values)
            wanted = {
                "theirs": selectors.mine(actor),
                "people": Subject.objects.filter(case=case).order_by("-pk"),
                "roles": Subject.objects.filter(case=case).order_by("pk").values_list("role", "pk"),
                "checks": AGENCY_CHECKS.scope(actor, Permission.ANSWER),
                "nobody": [],
            }
            assert {name: list(rows) for name, rows in wanted.items()} == found, who
            assert [each.holder for each in found["checks"]] == [
                each.holder for each in wanted["checks"]
            ]


def test_some_of_them_are_asked_without_the_others(cast):
    case = walks.sent(cast)
    with CaptureQueriesContext(connection) as asked:
        found = TOGETHER("people", "roles", case=case.pk)
    assert list(found) == ["people", "roles"]
    assert len(found["people"]) == len(found["roles"]) == 2
    assert not any("requests_app_enquiry" in text for text in texts(asked))


def test_one_that_cannot_be_prepared_has_each_asked_by_itself(cast):
    case = walks.sent(cast)
    together = Together(
        now=lambda case: InformationRequest.objects.filter(pk=case, sent_at__lt=timezone.now()),
        people=lambda case: Subject.objects.filter(case=case),
    )
    assert {name: len(rows) for name, rows in together(case=case.pk).items()} == {
        "now": 1,
        "people": 2,
    }


def test_rows_are_kept_where_their_parents_look_for_them(cast, django_assert_num_queries):
    case, other = walks.sent(cast), walks.a_draft(cast)
    people = Subject.objects.filter(case__in=[case, other])
    hang([case, other], "subjects", people)
    hang([case, other], "consent", [case.consent])
    with django_assert_num_queries(0):
        assert {each.case for each in case.subjects.all()} == {case}
        assert len(hung(other, "subjects")) == 2
        assert case.consent.case is case
        assert not hasattr(other, "consent")
        assert hung(other, "consent") == []
    assert hung(case, "needs") is None


def test_a_row_is_fetched_without_what_it_refers_to_unless_that_is_named(cast):
    case = walks.sent(cast)
    with CaptureQueriesContext(connection) as asked:
        found = fetch_or_404(REQUESTS, cast.requester, Permission.SEND_REQUEST, pk=case.pk)
    found_by = [text for text in texts(asked) if 'FROM "requests_app_informationrequest"' in text]
    assert found_by
    assert not any("JOIN" in text.partition("WHERE")[0] for text in found_by)
    assert reached_by(found) == Permission.SEND_REQUEST


def test_of_several_permissions_the_first_that_reaches_the_row_is_named(cast):
    asked = (Permission.TRIAGE, Permission.ANSWER)
    check = walks.taken(cast)
    for who, permission in (("officer", asked[0]), ("trust_spoc", asked[1])):
        actor = getattr(cast, who)
        assert reached_by(fetch_or_404(AGENCY_CHECKS, actor, *asked, pk=check.pk)) == permission
