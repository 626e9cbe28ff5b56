"""deploy/objects: who gets a key for which bucket, the same with compose and with systemd."""

import json
import re
from pathlib import Path

import pytest
import yaml

from portal.settings.secret_files import IS_SECRET
from tests.portal.test_compose import OURS, SERVICES
from tests.portal.test_production import load
from tests.portal.test_systemd import KNOWN, UNITS, unit

FOLDER = Path(__file__).parents[2] / "deploy" / "objects"
OVER = yaml.safe_load((FOLDER / "docker-compose.yml").read_text())
REACH = {"migrate", "web", "disposals", "backup", "drill"}
VALUES = {
    "STORAGE_REGION": "uk-south",
    "ALLOWED_STORAGE_REGIONS": "uk-south",
    "S3_REGION": "uk-south",
    "S3_ENDPOINT": "https://objects.council.example",
    "FILES_BUCKET": "s3://portal-files",
    "BACKUP_DATA_BUCKET": "s3://portal-backup-data",
    "BACKUP_KEYSTORE_BUCKET": "s3://portal-backup-keystore",
    "PORTAL_URL": "https://portal.partnership.example",
    "SECRET_KEY": "".join(map(chr, range(50, 110))),
    "EMAIL_URL": "smtp+tls://mail.partnership.example:587",
    "FILE_SCANNER": "none",
    "SECURITY_CONTACT": "mailto:security@portal.example",
}
NAMED = r"\$\{(\w+)(?::-([^}]*)|:\?)?\}"
SHOW = """
import json
from portal.settings import production as p
names = ("FILES_BUCKET", "BACKUP_FILES_BUCKET", "BACKUP_DATA_BUCKET", "BACKUP_KEYSTORE_BUCKET")
found = {name: getattr(p, name) for name in names}
print(json.dumps({
    "buckets": {name: [str(b), b.key_id, b.endpoint] for name, b in found.items() if b},
    "folders": [str(each) for each in (p.FILES_DIR, p.BACKUP_DATA_DIR, p.BACKUP_KEYSTORE_DIR)],
}))
"""


def environment(name):
    """What compose gives a process of both files, with a value for each name."""

    def value(found):
        default = found[1].lower() if found[2] is None else found[2]
        return VALUES.get(found[1], default)

    said = SERVICES[name]["environment"] | OVER["services"][name]["environment"]
    return {key: re.sub(NAMED, value, str(text)) for key, text in said.items()}


def test_every_process_is_told():
    assert set(OVER["services"]) == OURS


@pytest.mark.clause("P-SECURE", part=True)
@pytest.mark.parametrize("name", sorted(OURS))
def test_production_starts_with_it_and_each_has_its_own_keys_only(name):
    done = load(SHOW, **environment(name))
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    keys = {bucket: key for bucket, (_address, key, _endpoint) in shown["buckets"].items()}
    of_files = {"FILES_BUCKET": "files_s3_access_key_id"}
    both = ("BACKUP_DATA_BUCKET", "BACKUP_KEYSTORE_BUCKET")
    own = {
        "migrate": of_files,
        "web": of_files,
        "disposals": {"FILES_BUCKET": "disposals_s3_access_key_id"},
        "backup": {
            "BACKUP_FILES_BUCKET": "backup_files_s3_access_key_id",
            "BACKUP_DATA_BUCKET": "backup_data_s3_access_key_id",
            "BACKUP_KEYSTORE_BUCKET": "backup_keystore_s3_access_key_id",
        },
        "drill": dict.fromkeys(both, "drill_s3_access_key_id"),
    }
    assert keys == dict.fromkeys(both, "") | own.get(name, {})
    assert all(each[2] == VALUES["S3_ENDPOINT"] for each in shown["buckets"].values())
    assert not {"/files", "/backups/data", "/backups/keystore"} & set(shown["folders"])


def test_only_who_speaks_to_it_has_a_way_there():
    reach = {
        name for name, each in OVER["services"].items() if "objects" in each.get("networks", [])
    }
    assert reach == REACH
    assert not (OVER["networks"]["objects"] or {}).get("internal")


def test_the_example_names_what_is_asked_for_and_nothing_else():
    text = (FOLDER / "portal.env.example").read_text()
    named = set(re.findall(r"^(\w+)=", text, re.MULTILINE))
    asked = set(re.findall(r"\$\{(\w+)", (FOLDER / "docker-compose.yml").read_text()))
    assert named == asked


def dropped_in(name):
    """The service section of a drop-in, or of the one that holds for all."""
    return unit(f"../objects/systemd/safeguarding-{name}.service.d/objects.conf")["Service"]


def said_in(section):
    return dict(word.split("=", 1) for word in section.get("Environment", []))


@pytest.mark.parametrize("name", sorted(UNITS))
def test_systemd_tells_each_the_same(name):
    said = said_in(dropped_in(""))
    loaded = {}
    if (FOLDER / f"systemd/safeguarding-{name}.service.d").exists():
        own = dropped_in(name)
        said |= said_in(own)
        loaded = dict(each.split(":", 1) for each in own.get("LoadCredential", []))
        assert not [word for word in own if not re.fullmatch(KNOWN, word)]
    names = {key.removesuffix("_FILE") if IS_SECRET.fullmatch(key[:-5]) else key for key in said}
    in_common = {"S3_ENDPOINT", "S3_REGION"}
    assert names == set(OVER["services"][name]["environment"]) - in_common
    credentials = {text.removeprefix("%d/") for key, text in said.items() if key.endswith("_FILE")}
    assert credentials == set(loaded)
    assert all(path.startswith("/etc/safeguarding-portal/secrets/") for path in loaded.values())


def test_no_two_processes_have_one_key():
    paths = {}
    for name in sorted(REACH - {"migrate"}):
        for each in dropped_in(name)["LoadCredential"]:
            paths.setdefault(each.partition(":")[2], set()).add(name)
    assert all(len(who) == 1 for who in paths.values())
