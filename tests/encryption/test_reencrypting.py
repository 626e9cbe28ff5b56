"""A case gets a new data key: all of it sealed anew and recorded, the old key of no use."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from audit.ledger.verifying import verify
from audit.ledger.verifying_rows import verify_live
from audit.models import Event
from audit.rekey import sealing_anew
from encryption import generations as of_keys
from encryption.casekeys import create_case_key, destroy_case_key, unwrap_row
from encryption.disposals import enter
from encryption.errors import KeyDestroyed, KeyReplaced
from encryption.files import open_file, path_of
from encryption.models import CaseKey
from encryption.unit_of_work import key_cache
from requests_app.models import InformationRequest, Subject
from tests.audit.walks import signed
from tests.cast import Cast
from tests.encryption.whole_case import (
    PAPER,
    a_whole_case,
    cells_it_opens,
    generations,
    holds_and_opens,
    live_generations,
    rows_of,
)
from tests.house.tampering import flipped, put, stored
from tests.patience import PATIENCE
from workflow import rekey
from workflow.rekey import reencrypt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(whole_case: InformationRequest) -> InformationRequest:
    return whole_case


def sql(statement: str, *values: Any, using: str = "default") -> None:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.clause("ISA-7.2", "P-SECURE", part=True)
def test_everything_opens_and_the_old_key_opens_nothing(case: Any, capsys: Any) -> None:
    taken_aside = unwrap_row(CaseKey.objects.get(case_id=case.pk, generation=1))
    sealed_before = path_of(case.attachments.get(status="kept").pk).read_bytes()
    assert cells_it_opens(taken_aside, case.pk) > 80
    tables = {type(row) for row in rows_of(case.pk)}
    assert len(tables) > 30  # nearly every table that has sealed columns, and its history

    call_command("keys", "reencrypt", case.reference.lower())

    said = capsys.readouterr().out
    assert "made generation 2 of its key" in said
    assert "2 attached files sealed anew" in said
    assert generations(case.pk) == {2}
    assert live_generations(case.pk) == [2]
    assert cells_it_opens(taken_aside, case.pk) == 0
    old = CaseKey.objects.get(case_id=case.pk, generation=1)
    assert (old.wrapped, old.destroyed_at) == (None, None)
    assert old.replaced_at is not None
    holds_and_opens()
    kept = case.attachments.get(status="kept").pk
    assert b"".join(open_file(case_id=case.pk, file_id=kept)) == PAPER
    assert not [each for each in path_of(kept).parent.iterdir() if each.name.startswith(".")]
    path_of(kept).write_bytes(sealed_before)
    with pytest.raises(KeyReplaced, match="backups of the same day"):
        open_file(case_id=case.pk, file_id=kept)


@pytest.mark.clause("P-RECORD", part=True)
def test_no_row_gets_another_version_and_each_is_recorded(case: Any) -> None:
    def skeleton() -> list[Any]:
        return sorted((row._meta.label, str(row.pk), row.version) for row in rows_of(case.pk))

    before, events = skeleton(), Event.objects.count()
    done = reencrypt(case.pk)
    assert skeleton() == before
    told = Event.objects.filter(move="keys.sealed_anew", case_id=case.pk)
    assert told.count() == Event.objects.count() - events
    assert {(event.person, event.details["generation"]) for event in told} == {("", 2)}
    assert 0 < told.count() <= sum(done.counts.values())
    signed()
    assert verify().wrong == []
    assert verify_live().wrong == []


def test_run_twice_it_makes_another_key_and_the_ledger_follows(case: Any, capsys: Any) -> None:
    for _each in range(2):
        call_command("keys", "reencrypt", str(case.pk))
    assert "made generation 3" in capsys.readouterr().out
    assert live_generations(case.pk) == [3]
    assert generations(case.pk) == {3}
    holds_and_opens()
    call_command("keys", "verify")


def test_pages_and_histories_still_show(case: Any, cast: Cast, signed_in: Any) -> None:
    addresses = [
        reverse("requests:triage_case", args=[case.pk]),
        reverse("requests:request_history", args=[case.pk]),
    ]
    before = [signed_in("officer").get(each).content.decode() for each in addresses]
    reencrypt(case.pk)
    after = [signed_in("officer").get(each).content.decode() for each in addresses]
    for text in ("Zed", "Example"):
        assert text in before[0]
        assert text in after[0]
    assert "A bruise nobody explains" in after[1]
    for old, new in zip(before, after, strict=True):
        assert "cannot be opened" not in new
        assert abs(len(old) - len(new)) < 200  # a token of the form, and nothing else


def test_other_cases_keep_their_keys(case: Any, cast: Cast) -> None:
    other = a_whole_case(cast)
    reencrypt(case.pk)
    assert (live_generations(other.pk), generations(other.pk)) == ([1], {1})
    holds_and_opens()


class TestRefused:
    def test_a_destroyed_case_stays_destroyed(self, case: Any) -> None:
        destroy_case_key(case.pk)
        with pytest.raises(CommandError, match="was destroyed on"):
            call_command("keys", "reencrypt", str(case.pk))
        assert live_generations(case.pk) == []
        there = CaseKey.objects.filter(case_id=case.pk).values_list("generation", flat=True)
        assert sorted(there) == [0, 1], "no newer one was begun"

    def test_a_case_destroyed_after_its_key_was_replaced(
        self, case: Any, settings: Any, tmp_path: Path
    ) -> None:
        reencrypt(case.pk)
        settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"  # the next test has this case too
        enter(case.pk, uuid4())
        destroy_case_key(case.pk)
        with pytest.raises(KeyDestroyed):
            str(Subject.objects.filter(case=case).first().given_name)  # type: ignore[union-attr]
        with pytest.raises(CommandError, match="was destroyed on"):
            call_command("keys", "reencrypt", str(case.pk))
        assert verify_live().wrong == []

    @pytest.mark.parametrize("name", ["SR-NOPE", str(UUID(int=7)), "'; DROP TABLE x"])
    def test_an_unknown_case_is_said_before_any_is_touched(self, case: Any, name: str) -> None:
        with pytest.raises(CommandError, match="there is no such case"):
            call_command("keys", "reencrypt", name)
        assert live_generations(case.pk) == [1]

    def test_a_key_without_a_case_is_no_case(self, db: None) -> None:
        create_case_key(orphan := uuid4())
        with pytest.raises(CommandError, match="there is no such case"):
            call_command("keys", "reencrypt", str(orphan))
        assert live_generations(orphan) == [1]

    def test_a_case_without_a_key(self, case: Any) -> None:
        CaseKey.objects.filter(case_id=case.pk).delete()
        with pytest.raises(CommandError, match="has no key"):
            call_command("keys", "reencrypt", str(case.pk))

    def test_without_a_name(self) -> None:
        with pytest.raises(CommandError, match="Name the cases"):
            call_command("keys", "reencrypt")

    def test_as_the_role_of_the_pages(self, case: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE portal_worker")
            with pytest.raises(CommandError, match="owner of the tables"):
                call_command("keys", "reencrypt", str(case.pk))
            transaction.set_rollback(True)
        assert 1 in live_generations(case.pk)


class TestWhatDoesNotOpen:
    def test_a_broken_cell_is_named_and_the_old_key_stays(self, case: Any, capsys: Any) -> None:
        row = Subject.history.filter(case_id=case.pk).first()
        before = stored(row, "given_name")
        put(row, given_name=flipped(before, 40))
        with pytest.raises(CommandError, match="1 do not open, so the older key stays"):
            call_command("keys", "reencrypt", str(case.pk))
        said = capsys.readouterr().out
        assert f"does not open: requests_app.HistoricalSubject {row.pk}" in said
        assert "Zed" not in said
        assert live_generations(case.pk) == [1, 2]
        put(row, given_name=before)
        call_command("keys", "reencrypt", str(case.pk))
        assert "went on with generation 2" in capsys.readouterr().out
        assert live_generations(case.pk) == [2]
        holds_and_opens()

    def test_a_file_that_is_not_there_keeps_its_key(self, case: Any) -> None:
        path = path_of(case.attachments.get(status="kept").pk)
        aside = path.with_name("aside")
        path.rename(aside)
        with pytest.raises(CommandError, match="1 do not open"):
            call_command("keys", "reencrypt", str(case.pk))
        assert live_generations(case.pk) == [1, 2]
        aside.rename(path)
        call_command("keys", "reencrypt", str(case.pk))
        holds_and_opens()

    def test_a_file_that_was_taken_out_may_be_gone(self, case: Any) -> None:
        path_of(case.attachments.get(status="removed").pk).unlink()
        reencrypt(case.pk)
        assert live_generations(case.pk) == [2]

    def test_a_key_destroyed_half_way_ends_it(
        self, case: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def destroyed_meanwhile(_done: int) -> None:
            other = threading.Thread(
                target=lambda: (destroy_case_key(case.pk), connections.close_all())
            )
            other.start()
            other.join()

        with pytest.raises(KeyDestroyed):
            reencrypt(case.pk, destroyed_meanwhile)
        assert live_generations(case.pk) == []


class TestTamperingIsNotSignedAway:
    @pytest.mark.parametrize("table", ["requests_app_subject", "requests_app_historicalsubject"])
    def test_a_cell_put_to_nothing_before(self, case: Any, table: str) -> None:
        row = Subject.objects.filter(case=case, role="child").first()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"UPDATE {table} SET date_of_birth = NULL WHERE id = %s", [row.pk])  # noqa: S608
            cursor.execute("SET session_replication_role = DEFAULT")
        assert verify_live().count > 0
        reencrypt(case.pk)
        assert any("was sealed anew when it was not" in line for line in verify_live().wrong)
        reencrypt(case.pk)
        assert verify_live().count > 0

    def test_a_row_rolled_back_before(self, case: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE requests_app_informationrequest r SET version = h.version,"
                " purpose_reason = h.purpose_reason, rating_reason = h.rating_reason,"
                " parents_reason = h.parents_reason, declined_reason = h.declined_reason"
                " FROM requests_app_historicalinformationrequest h"
                " WHERE h.id = r.id AND h.version = 3"
            )
        assert verify_live().count > 0
        reencrypt(case.pk)
        assert verify_live().count > 0

    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("requests_app_subject", "role = 'connected'"),
            ("requests_app_historicalsubject", "role = 'connected'"),
            ("requests_app_historicalsubject", "history_user_id = NULL"),
            ("requests_app_subject", "date_of_birth = NULL"),
        ],
    )
    def test_what_is_done_afterwards_is_found(self, case: Any, table: str, change: str) -> None:
        reencrypt(case.pk)
        assert verify_live().count == 0
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"UPDATE {table} SET {change}")  # noqa: S608
            cursor.execute("SET session_replication_role = DEFAULT")
        assert verify_live().count > 0

    def test_the_bytes_of_the_old_key_put_back(self, case: Any) -> None:
        row = Subject.history.filter(case_id=case.pk).first()
        before = stored(row, "given_name")
        reencrypt(case.pk)
        put(row, given_name=before)
        assert verify_live().count == 1


class TestTheWayPast:
    """Owner of the tables, in a transaction that says so, sealed bytes alone (docs/adr/0069)."""

    FROZEN = ("requests_app_historicalsubject", "decisions_decision", "decisions_answer")

    @pytest.mark.parametrize("table", FROZEN)
    def test_the_owner_outside_the_command_is_refused(self, case: Any, table: str) -> None:
        with pytest.raises(DatabaseError, match="never changed"):
            sql(f"UPDATE {table} SET version = version")  # noqa: S608

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE requests_app_historicalsubject SET version = version + 1",
            "UPDATE requests_app_historicalsubject SET history_user_id = NULL",
            "UPDATE requests_app_historicalsubject SET history_date = now()",
            "UPDATE requests_app_historicalsubject SET given_name = NULL",
            "UPDATE requests_app_historicalsubject SET given_name = 'x'::bytea",
            "UPDATE requests_app_historicalsubject SET given_name ="
            " set_byte(given_name, 20, get_byte(given_name, 20) # 1)",
            "UPDATE requests_app_historicalsubject SET given_name = set_byte(given_name, 2, 0)",
            "UPDATE requests_app_historicalsubject SET given_name ="
            " set_byte(set_byte(given_name, 2, 2), 0, 2)",
            "UPDATE requests_app_historicalsubject SET given_name ="
            " set_byte(given_name, 2, 2) || '0'::bytea",
            "UPDATE requests_app_historicalsubject SET role = 'risk',"
            " given_name = set_byte(given_name, 2, 2)",
            "DELETE FROM requests_app_historicalsubject",
            "UPDATE decisions_answer SET choice = 'no'",
            "DELETE FROM decisions_answer",
            "UPDATE audit_event SET person = 'somebody'",
            "UPDATE audit_leaf SET body = 'x'",
            "DELETE FROM audit_event",
        ],
    )
    def test_within_it_nothing_but_newer_sealed_bytes_may_be_put(
        self, case: Any, statement: str
    ) -> None:
        signed()
        with pytest.raises(DatabaseError, match="never changed"), sealing_anew(Subject):
            sql(statement)

    def test_evidence_without_any_sealed_column_is_never_let_through(self, case: Any) -> None:
        signed()
        for table in ("audit_event", "audit_signedcheckpoint", "audit_leaf"):
            column = "size" if table == "audit_signedcheckpoint" else "id"
            with pytest.raises(DatabaseError, match="never changed"), sealing_anew(Subject):
                sql(f"UPDATE {table} SET {column} = {column} + 0")  # noqa: S608

    def test_it_ends_with_the_transaction(self, case: Any) -> None:
        change = "UPDATE requests_app_historicalsubject SET given_name = set_byte(given_name, 2, 2)"
        with transaction.atomic():
            with sealing_anew(Subject):
                sql(change)
            with pytest.raises(DatabaseError, match="never changed"):
                sql(change.replace(", 2)", ", 3)"))
            transaction.set_rollback(True)
        with pytest.raises(DatabaseError, match="never changed"):
            sql(change)

    @pytest.mark.parametrize("role", ["portal_app", "portal_worker"])
    def test_no_role_of_the_portal_gets_through(self, case: Any, role: str) -> None:
        for table, column in (
            ("decisions_decision", "ground_reason"),
            ("requests_app_historicalsubject", "given_name"),
        ):
            change = f"UPDATE {table} SET {column} = set_byte({column}, 2, 2)"  # noqa: S608
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"GRANT SELECT, UPDATE ON {table} TO {role}")
                cursor.execute(
                    f"CREATE POLICY x ON {table} TO {role} USING (true) WITH CHECK (true)"
                )
                cursor.execute(f"SET LOCAL ROLE {role}")
                cursor.execute("SET LOCAL portal.sealing_anew = 'on'")
                with pytest.raises(DatabaseError, match="never changed"):
                    cursor.execute(change)
                transaction.set_rollback(True)


class TestAKeyThatIsGone:
    @pytest.mark.clause("ISA-8.1")
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE encryption_casekey SET destroyed_at = NULL, replaced_at = now()",
            "UPDATE encryption_casekey SET destroyed_at = NULL, wrapped = 'x'::bytea",
            "UPDATE encryption_casekey SET case_id = gen_random_uuid()",
            "UPDATE encryption_casekey SET generation = 9",
            "INSERT INTO encryption_casekey (case_id, generation, ring_key_id, wrapped, created_at)"
            " SELECT case_id, 2, ring_key_id, 'x'::bytea, now() FROM encryption_casekey",
        ],
    )
    def test_a_destroyed_case_cannot_be_brought_back(self, db: None, statement: str) -> None:
        CaseKey.objects.all().delete()
        create_case_key(case_id := uuid4())
        destroy_case_key(case_id)
        with pytest.raises(DatabaseError, match="never comes back"):
            sql(statement, using="keystore")

    def test_nor_a_generation_that_was_replaced(self, db: None) -> None:
        create_case_key(case_id := uuid4())
        of_keys.begin_generation(case_id)
        assert of_keys.end_older_generations(case_id, 2) == 1
        with pytest.raises(DatabaseError, match="never comes back"):
            sql(
                "UPDATE encryption_casekey SET wrapped = 'x'::bytea, replaced_at = NULL"
                " WHERE case_id = %s AND generation = 1",
                case_id,
                using="keystore",
            )
        row = CaseKey(case_id=case_id, generation=5, ring_key_id="x", wrapped=None)
        with pytest.raises(DatabaseError, match="a_key_that_has_ended"):
            row.save()

    def test_made_beside_a_destruction_neither_is_lost(self, db: None) -> None:
        for _each in range(20):
            create_case_key(case_id := uuid4())
            outcomes: list[str] = []

            def one(work: Any, case_id: UUID = case_id, told: list[str] = outcomes) -> None:
                try:
                    work(case_id)
                except KeyDestroyed:
                    told.append("destroyed")
                connections.close_all()

            both = [
                threading.Thread(target=one, args=[work])
                for work in (of_keys.begin_generation, destroy_case_key)
            ]
            for each in both:
                each.start()
            for each in both:
                each.join()
            assert live_generations(case_id) == []
            assert not CaseKey.objects.filter(case_id=case_id, destroyed_at=None).exists()


def test_whoever_reads_since_before_keeps_the_old_key(
    case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rekey, "PATIENCE", 0.3)
    read, go = threading.Event(), threading.Event()
    seen: list[str] = []

    def reader() -> None:
        with transaction.atomic():
            row = Subject.objects.get(case=case, role="child")
            read.set()
            go.wait(PATIENCE)
            seen.append(row.given_name)
        connections.close_all()

    thread = threading.Thread(target=reader)
    thread.start()
    assert read.wait(PATIENCE)
    with pytest.raises(CommandError, match="older key stays"):
        call_command("keys", "reencrypt", str(case.pk))
    assert live_generations(case.pk) == [1, 2]
    go.set()
    thread.join(PATIENCE)
    assert seen == ["Zed"]
    call_command("keys", "reencrypt", str(case.pk))
    assert live_generations(case.pk) == [2]


def test_whoever_has_looked_a_key_up_before_opens_what_is_newer(case: Any) -> None:
    with key_cache():
        assert Subject.objects.get(case=case, role="child").given_name == "Zed"
        thread = threading.Thread(target=lambda: (reencrypt(case.pk), connections.close_all()))
        thread.start()
        thread.join()
        assert Subject.objects.get(case=case, role="child").given_name == "Zed"


def test_a_moment_is_written_for_the_key_that_went(case: Any) -> None:
    before = datetime.now(UTC)
    reencrypt(case.pk)
    ended = CaseKey.objects.get(case_id=case.pk, generation=1).replaced_at
    assert ended is not None
    assert before <= ended <= datetime.now(UTC)
