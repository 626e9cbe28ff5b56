"""The receipt of a recorded decision, and the daily checkpoint that partners keep."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from agencies.tasks import send_checkpoint
from audit.ledger.notes import opened
from audit.ledger.sequencing import sequence, verifiers
from audit.ledger.signing import create_signing_key
from audit.models import AccessEntry
from outbox.models import Message
from outbox.tasks import writer_of
from tests import walks

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def signer(tmp_path):
    return create_signing_key(tmp_path / "key", "tests.invalid/ledger")


@pytest.mark.clause("ISA-6.3")
@pytest.mark.clause("P-RECORD", "ISA-3.3", part=True)
def test_whoever_decided_keeps_a_receipt_that_anybody_can_check(cast, signed_in, signer, tmp_path):
    decision = walks.shared(cast, "trust")
    client, there = signed_in("trust_spoc"), reverse("decisions:receipt", args=[decision.pk])
    page = client.get(reverse("decisions:decision", args=[decision.pk])).content.decode()
    assert there in page
    waiting = client.get(there, follow=True)
    assert "being signed" in waiting.content.decode()
    sequence(signer)
    got = client.get(there)
    assert re.fullmatch(
        r'attachment; filename="receipt-[\w-]+\.json"', got["Content-Disposition"]
    ), "a file with the reference and no name"
    said = json.loads(json.loads(got.content)["leaf"])
    assert (said["thing_id"], said["move"]) == (str(decision.pk), "decision.record")
    noted = AccessEntry.objects.filter(kind="exported", thing_id=str(decision.pk))
    assert noted.exists()
    kept = tmp_path / "receipt.json"
    kept.write_bytes(got.content)
    told = checked(kept, str(signer.verifier))
    assert told.returncode == 0, told.stdout + told.stderr
    assert "YES" in told.stdout
    kept.write_text(kept.read_text().replace("decision.record", "decision.begin"))
    assert checked(kept, str(signer.verifier)).returncode == 1


def checked(kept, key):
    """What the verifier says, which knows nothing of the portal."""
    return subprocess.run(
        [sys.executable, str(ROOT / "tools/verify_ledger.py"), "receipt", str(kept), "--key", key],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def test_nobody_else_gets_a_receipt(cast, signed_in, signer):
    decision = walks.shared(cast, "trust")
    sequence(signer)
    there = reverse("decisions:receipt", args=[decision.pk])
    for who in ("housing_spoc", "requester", "administrator"):
        assert signed_in(who).get(there).status_code == 404


def test_an_open_decision_has_none(cast, signed_in):
    decision = walks.ready_to_share(cast)
    there = reverse("decisions:receipt", args=[decision.pk])
    assert signed_in("trust_spoc").get(there).status_code == 404


@pytest.mark.clause("P-RECORD", part=True)
def test_partners_get_the_checkpoint_once_a_day(cast, signer):
    walks.sent(cast)
    send_checkpoint()
    assert not promised().exists(), "nothing is signed yet"
    sequence(signer)
    send_checkpoint()
    send_checkpoint()
    message = promised().get()
    email = writer_of(message.topic)(message.about)
    assert str(cast.users["trust_spoc"].pk) in email.to
    assert str(cast.users["requester"].pk) not in email.to
    note = email.text[email.text.index(signer.name) :].partition("\n\nSign in")[0] + "\n"
    assert opened(note, verifiers()).size == int(message.about)
    with time_machine.travel(timezone.localtime() + timedelta(days=1), tick=False):
        send_checkpoint()
        assert promised().count() == 1, "nothing new was signed since"
        walks.sent(cast)
        sequence(signer)
        send_checkpoint()
        assert promised().count() == 2


def promised():
    return Message.objects.filter(topic="ledger.checkpoint", to="")
