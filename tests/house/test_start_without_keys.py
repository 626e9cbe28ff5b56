"""Nothing starts where the ring key of some case is missing, wrong or damaged; it says which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from encryption.provider import create_keyring_file
from tests import walks
from tests.patience import PATIENCE

pytestmark = pytest.mark.clause("P-SECURE", part=True)

ROOT = Path(__file__).parents[2]
START = {
    "check": ["manage.py", "check", "--database", "keystore"],
    "web server": ["-c", "import portal.wsgi"],
    "worker": ["-m", "celery", "-A", "portal", "worker", "--concurrency", "1"],
}


@pytest.mark.parametrize(("what", "ring"), [
    ("check", "another"), ("check", "missing"), ("check", "damaged"),
    ("web server", "another"), ("web server", "missing"), ("worker", "another"),
])  # fmt: skip
def test_nothing_starts_without_the_ring_key(transactional_db, cast, tmp_path, what, ring):
    walks.a_draft(cast)
    path = tmp_path / "keyring.json"
    if ring == "another":
        create_keyring_file(path)
    elif ring == "damaged":
        good = Path(settings.KEYRING_FILE).read_text()
        path.write_text(good.replace('"key": "', '"key": "AAAA', 1))
        path.chmod(0o600)
    done = subprocess.run(
        [sys.executable, *START[what]],
        cwd=ROOT,
        env=os.environ | urls() | {"PORTAL_VAR": str(tmp_path), "PYTEST": "false"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    said = done.stderr + done.stdout
    assert done.returncode != 0, said
    expected = {"another": "not on the key ring", "missing": "keys create", "damaged": "damaged"}
    if what == "worker":
        assert "does not start" in said
    assert expected[ring] in said
    assert "Traceback" not in said


def urls():
    """The addresses of the databases of the tests, for other processes."""
    told = {}
    for alias, name in (("default", "DATABASE_URL"), ("keystore", "KEYSTORE_DATABASE_URL")):
        config = connections[alias].settings_dict
        place = f"{config['HOST']}:{config['PORT']}/{config['NAME']}"
        told[name] = f"postgres://{config['USER']}@{place}"
    return told | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
