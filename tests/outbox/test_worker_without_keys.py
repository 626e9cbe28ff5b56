"""The worker writes and sends every e-mail, and no key of a record reaches it (docs/adr/0070)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import ProgrammingError, connections, transaction
from django.urls import reverse

from agencies.invitations.tokens import leads_somewhere, token_of
from agencies.models import Invitation, Membership
from outbox.models import Message
from outbox.tasks import writer_of
from tests import walks
from tests.agencies import people_walks

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("P-SECURE", part=True),
]
ROOT = Path(__file__).parents[2]
LINK = re.compile(r"https?://\S+/invitations?/(\S+?)/")


def test_it_has_none(worker):
    of_worker = Path(f"/proc/{worker.process.pid}")
    said = of_worker.joinpath("environ").read_bytes().decode().split("\0")
    given = dict(each.partition("=")[::2] for each in said if each)
    assert given["PORTAL_KEYS"] == "none"
    assert not {"KEYRING_FILE", "KEYSTORE_DATABASE_URL", "FILES_DIR"} & given.keys()
    assert "keystore" not in given["DATABASE_URL"]
    opened = [str(each.readlink()) for each in of_worker.joinpath("fd").iterdir()]
    assert not [name for name in opened if "keyring" in name]


def test_an_invitation_goes_out_with_a_link_that_lets_its_reader_in(cast, worker, smtp, client):
    invitation = people_walks.invited(cast)
    worker.wait_until_idle()
    [mail] = [each for each in smtp.messages if each["To"] == people_walks.NEW]
    [token] = LINK.findall(mail.get_content())
    assert token == token_of(Invitation.objects.get(pk=invitation.pk))
    page = client.get(reverse("agencies:invitation", args=[token]))
    assert page.status_code == 200
    people_walks.accept(invitation)
    assert Membership.objects.get(pk=invitation.membership_id).status != "invited"
    assert not Message.objects.filter(done_at=None).exists()
    for place in (_outbox(), _redis(), worker.logged(), _tables()):
        assert token not in place
        assert people_walks.PASSWORD not in place


def test_emails_of_a_request_go_out_all_the_same(cast, worker, smtp):
    walks.released(cast)
    worker.wait_until_idle()
    assert not Message.objects.filter(done_at=None).exists()
    assert len(smtp) >= Message.objects.exclude(to="").count() > 4
    assert "not kept" not in worker.logged()


def test_a_link_of_another_secret_is_not_sent(cast, settings):
    invitation = people_walks.invited(cast)
    assert writer_of("invitation.sent")(str(invitation.pk)).to
    settings.SECRET_KEY = "another secret than the one that it was made of"
    assert not leads_somewhere(invitation)
    assert not writer_of("invitation.sent")(str(invitation.pk)).to


@pytest.mark.parametrize("keys", ["none", "signing"])
def test_whoever_has_no_keys_is_told_so_plainly(cast, keys):
    case = walks.a_draft(cast)
    config = connections["default"].settings_dict
    place = f"{config['HOST']}:{config['PORT']}/{config['NAME']}"
    script = (
        "import django; django.setup()\n"
        "from encryption.casekeys import create_case_key, destroy_case_key\n"
        "from encryption.unit_of_work import key_cache\n"
        "from encryption.casekeys import prefetch_case_keys\n"
        "from encryption.generations import begin_generation\n"
        "from encryption.errors import KeyringFault\n"
        "from encryption.purposes import seal_text\n"
        "from requests_app.models import Subject\n"
        "from uuid import uuid4\n"
        f"row = Subject.objects.filter(case='{case.pk}').first()\n"
        "for use in (lambda: row.given_name, lambda: create_case_key(uuid4()),\n"
        "            lambda: seal_text('x', 'y'), lambda: destroy_case_key(row.case_id),\n"
        "            lambda: begin_generation(row.case_id)):\n"
        "    try:\n"
        "        use()\n"
        "    except KeyringFault as fault:\n"
        "        print(fault)\n"
        "with key_cache():\n"
        "    try:\n"
        "        prefetch_case_keys([uuid4()])\n"
        "    except KeyringFault as fault:\n"
        "        print(fault)\n"
    )
    names = {"KEYSTORE_DATABASE_URL", "KEYRING_FILE", "FILES_DIR"}
    env = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=env
        | {
            "PORTAL_KEYS": keys,
            "DATABASE_URL": f"postgres://{config['USER']}@{place}",
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "PYTEST": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"PORTAL_KEYS={keys} and reads no key ring") == 6
    assert "Zed" not in done.stdout


@pytest.mark.parametrize("role", ["portal_worker", "portal_ledger"])
@pytest.mark.parametrize("verb", ["SELECT * FROM", "DELETE FROM"])
def test_the_keystore_refuses_their_roles_anyway(db, role, verb):
    with transaction.atomic(using="keystore"), connections["keystore"].cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute(f"{verb} encryption_casekey")
        transaction.set_rollback(True, using="keystore")


def _outbox() -> str:
    return str(list(Message.objects.values_list()))


def _redis() -> str:
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    return str([client.dump(key) for key in client.scan_iter()])


def _tables() -> str:
    """Everything the database holds, as text."""
    found = []
    with connections["default"].cursor() as cursor:
        for table in connections["default"].introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)
