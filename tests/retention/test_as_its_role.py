"""Disposal in a process of its own, with the addresses that it has in production, and no others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from audit.ledger.live import verify_live
from audit.models import Event
from encryption.files import path_of
from encryption.keystore import CaseKey
from outbox.models import Message
from requests_app.models import MatchToken
from retention.models import Disposal, DisposalList, DisposalStatement
from tests.audit.walks import signed
from tests.retention import walks
from tests.retention.test_disposing import is_readable

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.1"),
]


def carried_out(role="portal_disposals"):
    """As docker-compose.yml runs it, once; what it says."""

    def address(alias):
        config = connections[alias].settings_dict
        return f"postgres://{role}@{config['HOST']}:{config['PORT']}/{config['NAME']}"

    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PYTEST": "false",
        "DATABASE_URL": address("default"),
        "KEYSTORE_DATABASE_URL": address("keystore"),
        **{
            name: str(getattr(settings, name))
            for name in ("KEYRING_FILE", "FILES_DIR", "DISPOSAL_REGISTER")
        },
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "disposals", "carry-out"],
        cwd=Path(__file__).parents[2],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.clause("ISA-8.2")
def test_it_destroys_what_was_approved_and_keeps_what_is_held(cast, tmp_path):
    """A schedule that counts from a birth has it open the case first."""
    gone, kept = walks.closed(cast), walks.closed(cast)
    file = walks.with_file(gone)
    row = walks.waited(walks.approved(cast, gone, kept))
    walks.at_once(cast, starts="birth")
    walks.held(cast, kept)
    promised = Message.objects.count()
    said = carried_out()
    assert "Records destroyed: 1. Taken off their list: 1." in said, said
    assert not is_readable(gone)
    assert is_readable(kept)
    assert not CaseKey.objects.filter(case_id=gone.pk, wrapped__isnull=False).exists()
    assert not path_of(file.pk).exists()
    assert not MatchToken.objects.filter(case=gone).exists()
    assert MatchToken.objects.filter(case=kept).exists()
    states = dict(Disposal.objects.values_list("case_id", "status"))
    assert states == {gone.pk: "destroyed", kept.pk: "kept"}
    assert DisposalList.objects.get(pk=row.pk).status == "done"
    asked = DisposalStatement.objects.filter(case=gone)
    assert asked.count() == Message.objects.count() - promised > 1
    assert {event.person for event in Event.objects.filter(move="disposal.destroyed")} == {""}
    signed()
    assert not verify_live().wrong


@pytest.mark.parametrize("role", ["portal_app", "portal_worker", "portal_backup", "portal_drill"])
def test_as_nobody_else_is_a_key_destroyed(cast, role):
    case = walks.closed(cast)
    walks.waited(walks.approved(cast, case))
    assert "destroyed: 1" not in carried_out(role)
    assert is_readable(case)
    assert Disposal.objects.get().status in ("listed", "destroying")
