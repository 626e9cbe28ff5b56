"""A new key for a case, killed at random moments, run by several, and beside people who write."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from audit.ledger.verifying_rows import verify_live
from encryption.unit_of_work import key_cache
from requests_app.files import actions as files
from requests_app.models import InformationRequest, Need, Subject
from requests_app.people import actions as subjects
from requests_app.request_parts import actions as parts
from tests import walks
from tests.cast import Cast
from tests.encryption.whole_case import generations, holds_and_opens, live_generations
from tests.patience import length
from workflow import rekey
from workflow.rekey import reencrypt

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = length(12, long=25)
KEYS = length(2, long=4)  # new ones while people write, each over what they wrote by the last


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.FILES_DIR = tmp_path / "files"


def elsewhere(work: Any) -> None:
    """As another process would: with connections of its own."""
    thread = threading.Thread(target=lambda: (work(), connections.close_all()))
    thread.start()
    thread.join()


@pytest.mark.clause("ISA-7.2", part=True)
def test_killed_at_random_moments_and_run_again(
    whole_case: InformationRequest, settings: Any
) -> None:
    case = whole_case

    def url(alias: str) -> str:
        config = connections[alias].settings_dict
        return f"postgres://{config['USER']}@{config['HOST']}:{config['PORT']}/{config['NAME']}"

    done = subprocess.run(
        [
            *(sys.executable, str(Path(__file__).with_name("killed_reencryption.py"))),
            *(str(case.pk), str(KILLS), "7", str(settings.KEYRING_FILE), str(settings.FILES_DIR)),
        ],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "DATABASE_URL": url("default"),
            "KEYSTORE_DATABASE_URL": url("keystore"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > KILLS // 8  # some were killed in the middle
    holds_and_opens()
    reencrypt(case.pk)
    holds_and_opens()
    [generation] = live_generations(case.pk)
    assert generations(case.pk) == {generation}
    left = [each.name for each in Path(settings.FILES_DIR).rglob(".*")]
    assert not left


def test_beside_people_who_write_to_the_case(cast: Cast) -> None:
    case = walks.a_draft(cast)
    over, faults, written = threading.Event(), [], []

    def writer(number: int) -> None:
        try:
            while not over.is_set():
                # As a page does: keys that were looked up at its beginning are kept to its end.
                with key_cache():
                    child = Subject.objects.get(case=case, role="child")
                    assert child.given_name == "Zed"
                    fact = f"Fact {number} {len(written)}"
                    need = parts.add_need(
                        case, by=cast.requester, idempotency_key=uuid4(), fact=fact, why="A reason"
                    )
                    written.append((need.pk, fact))
                    if len(written) % 5 == 0:
                        upload = SimpleUploadedFile("a.txt", fact.encode())
                        files.attach_file(
                            case, by=cast.requester, idempotency_key=uuid4(), upload=upload
                        )
        except BaseException as fault:
            faults.append(repr(fault))
            raise
        finally:
            connections.close_all()

    writers = [threading.Thread(target=writer, args=[number]) for number in range(3)]
    for each in writers:
        each.start()
    try:
        for _each in range(KEYS):
            elsewhere(lambda: reencrypt(case.pk))
    finally:
        over.set()
        for each in writers:
            each.join()
    assert not faults
    assert len(written) > 4
    assert live_generations(case.pk) == [KEYS + 1]
    assert generations(case.pk) == {KEYS + 1}
    for pk, fact in written:
        assert Need.objects.get(pk=pk).fact == fact
    assert verify_live().wrong == []


def test_several_at_once_do_no_harm(whole_case: InformationRequest) -> None:
    case = whole_case
    racing = [
        threading.Thread(target=lambda: (reencrypt(case.pk), connections.close_all()))
        for _each in range(3)
    ]
    for each in racing:
        each.start()
    for each in racing:
        each.join()
    [generation] = live_generations(case.pk)
    assert generations(case.pk) == {generation}
    holds_and_opens()


def test_a_page_that_looked_the_key_up_before_seals_by_the_new_one(cast: Cast) -> None:
    case = walks.a_draft(cast)
    with key_cache():
        child = Subject.objects.get(case=case, role="child")
        assert child.given_name == "Zed"
        elsewhere(lambda: reencrypt(case.pk))
        # What it has looked up is of a key that is gone now.
        subjects.change_subject(child, by=cast.requester, details={"given_name": "Zoe"})
        parts.add_need(
            case, by=cast.requester, idempotency_key=uuid4(), fact="Anything?", why="A reason"
        )
    assert generations(case.pk) == {2}
    assert Subject.objects.get(pk=child.pk).given_name == "Zoe"
    assert verify_live().wrong == []


def test_what_is_written_by_the_old_key_meanwhile_is_found_in_the_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody held the case and its old key when the new one was made, and wrote after."""
    case = walks.a_draft(cast)
    real, late = rekey._is_finished, []

    def written_late(*given: Any) -> bool:
        if not late:
            with monkeypatch.context() as patched:
                from encryption import casekeys, fields

                old = casekeys.opening_key(case.pk, 1)
                patched.setattr(fields, "sealing_key", lambda _case: old)
                need = parts.add_need(
                    case, by=cast.requester, idempotency_key=uuid4(), fact="Late", why="Why"
                )
            late.append(need.pk)
            assert generations(case.pk) == {1, 2}
        return real(*given)

    monkeypatch.setattr(rekey, "_is_finished", written_late)
    reencrypt(case.pk)
    assert (live_generations(case.pk), generations(case.pk)) == ([2], {2})
    assert Need.objects.get(pk=late[0]).fact == "Late"
    assert InformationRequest.objects.get(pk=case.pk).purpose_reason == "A bruise nobody explains"
    assert verify_live().wrong == []
