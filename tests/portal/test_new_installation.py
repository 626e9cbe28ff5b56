"""Every secret of a new installation in one command, with no environment and no database."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.portal.test_production import GOOD, load

ROOT = Path(__file__).parents[2]
URL = "https://portal.northmoor.example"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "portal.settings.production"}


def made(folder, *words, **env):
    return subprocess.run(
        [sys.executable, "manage.py", *(words or ("new_installation", str(folder), "--url", URL))],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **SETTINGS, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def values(folder):
    lines = (folder / "portal.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("etc") / "safeguarding-portal"
    done = made(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"portal\.northmoor\.example/ledger\+[0-9a-f]{8}\+\S{44}", done.stdout)
    return folder


def test_all_of_it_is_there_and_only_its_owner_reads_it(folder):
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert set(files) == {
        *("portal.env", "keyring.json", "ledger.key"),
        *("backup-keys/data.public", "backup-keys/keystore.public", "backup-keys/maker.private"),
        *("restore-keys/data.private", "restore-keys/keystore.private"),
        "restore-keys/maker.public",
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_each_password_is_its_own_and_stands_in_an_address_as_it_is(folder):
    said = values(folder)
    passwords = [value for name, value in said.items() if name.endswith(("PASSWORD", "_KEY"))]
    assert len(set(passwords)) == len(passwords) == 14
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{40,}", value) for value in passwords)
    assert len(said["SECRET_KEY"]) >= 50
    assert (said["PORTAL_URL"], said["ALLOWED_HOSTS"]) == (URL, "portal.northmoor.example")


def test_it_writes_nothing_over(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = made(folder)
    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("url", ["http://portal.northmoor.example", "portal.northmoor.example"])
def test_an_address_without_tls_is_refused(tmp_path, url):
    done = made(tmp_path, "new_installation", str(tmp_path / "new"), "--url", url)
    assert done.returncode == 1
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("words", "env", "file"),
    [
        (("keys", "create"), "KEYRING_FILE", "ring.json"),
        (("ledger", "create-key"), "SIGNING_KEY_FILE", "ledger.key"),
    ],
)
def test_each_key_alone_needs_no_other_setting_either(tmp_path, words, env, file):
    done = made(tmp_path, *words, **{env: str(tmp_path / file)})
    assert done.returncode == 0, done.stderr
    assert (tmp_path / file).exists()


def test_keys_of_backups_too(tmp_path):
    places = {"BACKUP_KEYS_DIR": tmp_path / "one", "RESTORE_KEYS_DIR": tmp_path / "two"}
    env = {name: str(place) for name, place in places.items()}
    done = made(tmp_path, "backup", "create-keys", **env)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "two" / "data.private").exists()


def test_the_values_are_all_that_compose_asks_for(folder):
    asked = set(re.findall(r"\$\{([A-Z_]+):\?\}", (ROOT / "docker-compose.yml").read_text()))
    said = values(folder)
    assert asked <= set(said)
    known = asked | {"BEHIND_PROXY", "SSO_PROVIDERS", "METRICS_TOKEN"}
    assert set(said) == known, "nothing is asked for that nobody reads"


def test_filled_in_as_compose_fills_them_in_production_starts(folder):
    """Each service's environment, with the values of the file, is one that the settings take."""
    said = values(folder) | {
        "EMAIL_URL": GOOD["EMAIL_URL"],
        "DEFAULT_FROM_EMAIL": GOOD["DEFAULT_FROM_EMAIL"],
        "STORAGE_REGION": "uk-south",
        "ALLOWED_STORAGE_REGIONS": "uk-south",
        "SECURITY_CONTACT": "mailto:security@portal.example",
    }
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    def filled(text):
        whole = re.compile(r"\$\{([A-Z_]+)(?::[?-]([^}]*))?\}")
        return whole.sub(lambda at: said.get(at[1]) or at[2] or "", text)

    script = "from portal.settings import production as p; import json; print(json.dumps(True))"
    for name, service in compose.items():
        if "build" not in service:
            continue
        env = {key: filled(str(value)) for key, value in service["environment"].items()}
        done = load(script, **(dict.fromkeys(GOOD) | env))
        assert done.returncode == 0, (name, done.stderr)
        assert json.loads(done.stdout) is True
