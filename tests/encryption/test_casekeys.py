"""Case keys: made once, kept in the keystore, in memory for one unit of work only."""

import contextvars
import json
import pickle
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.test.utils import CaptureQueriesContext

from encryption.casekeys import (
    create_case_key,
    destroy_case_key,
    opening_key,
    prefetch_case_keys,
    sealing_key,
)
from encryption.errors import KeyDestroyed, KeyMissing, KeyringFault
from encryption.models import CaseKey
from encryption.provider import FileKeyProvider, key_check
from encryption.unit_of_work import DataKey, key_cache
from tests.patience import PATIENCE

VECTOR = json.loads(Path(__file__).with_name("vectors.json").read_text())


@pytest.fixture
def case_id(db: None) -> UUID:
    case_id = uuid4()
    create_case_key(case_id)
    return case_id


def asked() -> CaptureQueriesContext:
    return CaptureQueriesContext(connections["keystore"])


def test_a_wrapped_key_has_a_known_form() -> None:
    key = bytes.fromhex(VECTOR["ring"]["key"])
    name = VECTOR["ring"]["id"]
    assert name.endswith(key_check(key))
    ring = FileKeyProvider(Path("ring"), {name: key}, b"t" * 32)
    context = b"".join(
        len(part).to_bytes(4, "big") + part
        for part in (b"portal case key 1", UUID(VECTOR["case_id"]).bytes, b"\0\1")
    )
    unwrapped = ring.unwrap(name, bytes.fromhex(VECTOR["ring"]["wrapped"]), context)
    assert unwrapped == bytes.fromhex(VECTOR["secret"])


def test_making_a_key_twice_changes_nothing(case_id: UUID) -> None:
    before = CaseKey.objects.values().get(case_id=case_id, generation=1)
    create_case_key(case_id)
    assert CaseKey.objects.values().get(case_id=case_id, generation=1) == before
    assert before["ring_key_id"]
    assert before["destroyed_at"] is None


def test_each_case_has_a_key_of_its_own(case_id: UUID) -> None:
    other = uuid4()
    create_case_key(other)
    assert sealing_key(case_id).derive(b"x") == opening_key(case_id, 1).derive(b"x")
    assert sealing_key(case_id).derive(b"x") != sealing_key(other).derive(b"x")
    assert sealing_key(case_id).derive(b"x") != sealing_key(case_id).derive(b"y")


def test_a_missing_key_is_said(case_id: UUID) -> None:
    with pytest.raises(KeyMissing, match="restore the keystore"):
        sealing_key(uuid4())
    with pytest.raises(KeyMissing, match="Generation 2"):
        opening_key(case_id, 2)


def test_a_destroyed_key_stays_destroyed(case_id: UUID) -> None:
    with key_cache():
        sealing_key(case_id)
        destroy_case_key(case_id)
        destroy_case_key(case_id)
        for use in (sealing_key, create_case_key, lambda case: opening_key(case, 1)):
            with pytest.raises(KeyDestroyed, match="was destroyed on"):
                use(case_id)
    row = CaseKey.objects.get(case_id=case_id, generation=1)
    assert row.wrapped is None
    with pytest.raises(KeyMissing):
        destroy_case_key(uuid4())


def test_the_keystore_itself_refuses_half_a_destruction(case_id: UUID) -> None:
    for change in ({"wrapped": None}, {"destroyed_at": "2026-01-01T00:00Z"}):
        with pytest.raises(IntegrityError), transaction.atomic(using="keystore"):
            CaseKey.objects.filter(case_id=case_id).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(using="keystore"):
        CaseKey.objects.create(case_id=case_id, generation=1, ring_key_id="x", wrapped=b"x")


def test_a_wrapped_key_serves_no_other_case_or_generation(case_id: UUID) -> None:
    row = CaseKey.objects.get(case_id=case_id, generation=1)
    other = uuid4()
    CaseKey.objects.create(
        case_id=other, generation=1, ring_key_id=row.ring_key_id, wrapped=bytes(row.wrapped)
    )
    CaseKey.objects.create(
        case_id=case_id, generation=2, ring_key_id=row.ring_key_id, wrapped=bytes(row.wrapped)
    )
    for use in (lambda: sealing_key(other), lambda: opening_key(case_id, 2)):
        with pytest.raises(KeyringFault, match="does not unwrap"):
            use()


def test_the_newest_generation_seals_and_older_ones_open(case_id: UUID) -> None:
    from encryption.casekeys import new_row

    new_row(case_id, 2).save()
    assert sealing_key(case_id).generation == 2
    assert opening_key(case_id, 1).derive(b"x") != sealing_key(case_id).derive(b"x")


def test_keys_are_kept_within_the_cache_and_nowhere_else(case_id: UUID) -> None:
    with asked() as queries:
        sealing_key(case_id)
        sealing_key(case_id)
    assert len(queries) == 2
    with asked() as queries, key_cache():
        sealing_key(case_id)
        with key_cache():
            sealing_key(case_id)
        sealing_key(case_id)
    assert len(queries) == 1
    with asked() as queries:
        sealing_key(case_id)
    assert len(queries) == 1


def test_the_cache_ends_when_its_unit_of_work_fails(case_id: UUID) -> None:
    def work() -> None:
        with key_cache():
            sealing_key(case_id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    with asked() as queries:
        sealing_key(case_id)
    assert len(queries) == 1


def test_a_context_that_outlives_the_unit_of_work_keeps_nothing(case_id: UUID) -> None:
    with key_cache():
        sealing_key(case_id)
        copied = contextvars.copy_context()
    with asked() as queries:
        copied.run(sealing_key, case_id)
        copied.run(sealing_key, case_id)
    assert len(queries) == 2


def test_another_thread_has_no_part_in_the_cache(case_id: UUID) -> None:
    from encryption.unit_of_work import kept_now

    seen = []
    with key_cache():
        thread = threading.Thread(target=lambda: seen.append(kept_now()))
        thread.start()
        thread.join()
        assert kept_now() is not None
    assert seen == [None]


def test_prefetching_asks_once(db: None) -> None:
    cases = [uuid4() for _ in range(11)]
    for each in cases:
        create_case_key(each)
    with key_cache(), asked() as queries:
        prefetch_case_keys([*cases, uuid4()])
        assert len(queries) == 1
        for each in cases:
            opening_key(each, 1)
        prefetch_case_keys(cases)
        assert len(queries) == 1
        prefetch_case_keys([])
    with asked() as queries:
        prefetch_case_keys(cases)
    assert len(queries) == 0


def test_a_key_made_after_a_vain_prefetch_is_found(db: None) -> None:
    case_id = uuid4()
    with key_cache():
        prefetch_case_keys([case_id])
        with pytest.raises(KeyMissing):
            sealing_key(case_id)
        create_case_key(case_id)
        sealing_key(case_id)


def test_a_key_in_memory_shows_nothing() -> None:
    key = DataKey(1, b"k" * 32)
    assert "k" * 8 not in f"{key!r}{key}"
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(key)


@pytest.mark.usefixtures("transactional_db")
def test_a_key_is_committed_before_anything_can_be_sealed() -> None:
    """Inside a transaction of the keystore it is refused; beside one of the records it stays."""
    case_id = uuid4()
    with transaction.atomic(using="keystore"), pytest.raises(RuntimeError, match="durable"):
        create_case_key(case_id)
    with transaction.atomic():
        create_case_key(case_id)
        transaction.set_rollback(True)
    assert CaseKey.objects.filter(case_id=case_id).exists()


def test_a_key_made_by_another_in_between_counts(
    case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from encryption import casekeys

    before = CaseKey.objects.values().get(case_id=case_id, generation=1)
    found, asked_for = casekeys._rows, []

    def blind_at_first(case: UUID) -> list[CaseKey]:
        asked_for.append(case)
        return found(case) if len(asked_for) > 1 else []

    monkeypatch.setattr(casekeys, "_rows", blind_at_first)
    create_case_key(case_id)
    assert CaseKey.objects.values().get(case_id=case_id, generation=1) == before


@pytest.mark.usefixtures("transactional_db")
def test_two_at_once_make_one_key() -> None:
    case_id, together, faults = uuid4(), threading.Barrier(4), []

    def make() -> None:
        try:
            together.wait(PATIENCE)
            create_case_key(case_id)
        except Exception as fault:  # noqa: BLE001 - shown below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    made = CaseKey.objects.filter(case_id=case_id).values_list("generation", flat=True)
    assert sorted(made) == [0, 1], "one for its fingerprints and one that seals"
