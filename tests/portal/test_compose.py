"""docker-compose.yml gives each process the keys that it needs, and no others."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.clause("P-SECURE", part=True)

COMPOSE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "docker-compose.yml").read_text()
)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
OF_RECORDS = {
    *("KEYSTORE_DATABASE_URL", "KEYRING_FILE", "FILES_DIR", "DISPOSAL_REGISTER", "FILE_SCANNER")
}
READS, WRITES = "register:/register:ro", "register:/register"
REGISTER = {"migrate": READS, "web": READS, "disposals": WRITES}
KEYS = {"worker": "none", "beat": "none", "sequencer": "signing"}
URLS = {
    *("DATABASE_URL", "KEYSTORE_DATABASE_URL"),
    *("BACKUP_DATABASE_URL", "BACKUP_KEYSTORE_DATABASE_URL"),
}
ADDRESS = re.compile(
    r"postgres://(?P<role>\w+):\$\{(?P<password>\w+):\?\}@(?P<host>\w+)/(?P<database>\w+)"
)
SERVERS = {"database": "PORTAL", "keystore": "KEYSTORE"}
OWNERS = {"PORTAL": "POSTGRES_PASSWORD", "KEYSTORE": "KEYSTORE_PASSWORD"}
ALL_PASSWORDS = {
    *OWNERS.values(),
    *("PORTAL_APP_PASSWORD", "KEYSTORE_APP_PASSWORD"),
    *("PORTAL_WORKER_PASSWORD", "PORTAL_LEDGER_PASSWORD"),
    *("PORTAL_BACKUP_PASSWORD", "KEYSTORE_BACKUP_PASSWORD"),
    *("PORTAL_DRILL_PASSWORD", "KEYSTORE_DRILL_PASSWORD"),
    *("PORTAL_DISPOSALS_PASSWORD", "KEYSTORE_DISPOSALS_PASSWORD"),
}
NOTED = ("portal", "portal_worker")  # what backup and drill write of their runs
GOES_AS = {
    "migrate": {("portal", "portal"), ("keystore", "portal")},
    "web": {("portal", "portal_app"), ("keystore", "portal_app")},
    "worker": {("portal", "portal_worker")},
    "beat": {("portal", "portal_worker")},
    "sequencer": {("portal", "portal_ledger")},
    "backup": {NOTED, ("portal", "portal_backup"), ("keystore", "portal_backup")},
    "drill": {NOTED, ("postgres", "portal_drill")},
    "disposals": {("portal", "portal_disposals"), ("keystore", "portal_disposals")},
}


BY_DIGEST = re.compile(r"[a-z/-]+:\d+\.\d+\.?\d*(-\w+)*@sha256:[0-9a-f]{64}")


def test_every_image_is_named_by_version_and_digest():
    dockerfile = (Path(__file__).parents[2] / "Dockerfile").read_text()
    brought = {each["image"] for each in SERVICES.values() if "build" not in each}
    built_on = set(re.findall(r"^ARG BASE=(.+)$", dockerfile, re.MULTILINE))
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"${BASE}"}
    assert len(brought) > 1
    assert len(built_on) == 1
    assert [name for name in brought | built_on if not BY_DIGEST.fullmatch(name)] == []


def test_every_process_is_one_of_these():
    assert {"migrate", "web", "disposals", "backup", "drill", *KEYS} == OURS


@pytest.mark.parametrize("name", sorted(KEYS))
def test_who_opens_no_record_gets_no_ring_no_keystore_and_no_files(name):
    service = SERVICES[name]
    said = service["environment"]
    assert said["PORTAL_KEYS"] == KEYS[name]
    assert not OF_RECORDS & said.keys()
    assert "@keystore" not in str(said)
    assert "keyring" not in service.get("secrets", [])
    assert not service.get("volumes")


@pytest.mark.parametrize(("name", "register"), REGISTER.items())
def test_who_opens_records_has_all_of_it_and_one_writes_the_register(name, register):
    service = SERVICES[name]
    assert service["environment"].keys() >= OF_RECORDS
    assert service["secrets"] == ["keyring"]
    assert service["volumes"] == ["files:/files", register]
    assert service["environment"]["DISPOSAL_REGISTER"].startswith("/register/")
    assert "PORTAL_KEYS" not in service["environment"]


def test_the_signing_key_is_the_sequencers_alone_and_all_that_it_has():
    assert [name for name in OURS if "ledger" in SERVICES[name].get("secrets", [])] == ["sequencer"]
    said = SERVICES["sequencer"]["environment"]
    assert not {"SECRET_KEY", "EMAIL_URL"} & said.keys()
    assert "SIGNING_KEY_FILE" in said


def test_each_process_goes_to_each_database_as_its_role_and_nobody_else():
    for name in OURS:
        said = SERVICES[name]["environment"]
        goes = [ADDRESS.fullmatch(said[key]) for key in URLS & said.keys()]
        assert {(each["database"], each["role"]) for each in goes if each} == GOES_AS[name]
        passwords = set()
        for each in goes:
            assert each, name
            server = SERVERS[each["host"]]
            passwords.add(each["password"])
            if each["role"] == "portal":
                assert each["password"] == OWNERS[server]
            else:
                kind = each["role"].removeprefix("portal_").upper()
                assert each["password"] == f"{server}_{kind}_PASSWORD"
        told = set(re.findall(r"(\w+_PASSWORD):\?", str(said))) - {"REDIS_PASSWORD"}
        if name == "migrate":  # it makes the roles
            assert passwords < told
            assert told == ALL_PASSWORDS
        else:
            assert told == passwords, name


def test_who_makes_backups_can_open_nothing():
    service = SERVICES["backup"]
    assert service["environment"]["PORTAL_KEYS"] == "none"
    assert not OF_RECORDS & service["environment"].keys()
    assert "keyring" not in service.get("secrets", [])
    assert not any("restore-keys" in volume for volume in service["volumes"])
    assert "files:/files:ro" in service["volumes"]


def on(network):
    return {name for name, service in SERVICES.items() if network in service["networks"]}


def test_the_scanner_is_reached_by_web_alone_and_reaches_nobody():
    """What it is sent is in clear, and may be made to take it over."""
    service = SERVICES["scanner"]
    assert service["networks"] == ["scan"]
    assert COMPOSE["networks"]["scan"] == {"internal": True}
    assert on("scan") == {"web", "scanner"}
    assert "signatures:/var/lib/clamav:ro" in service["volumes"]


def test_what_brings_signatures_has_a_way_out_and_sees_no_file():
    service = SERVICES["signatures"]
    assert on("updates") == {"signatures"}
    assert not (COMPOSE["networks"]["updates"] or {}).get("internal")
    assert service["networks"] == ["updates"]


@pytest.mark.parametrize("name", ["scanner", "signatures"])
def test_neither_has_a_right_a_secret_or_a_port(name):
    service = SERVICES[name]
    assert service["user"] == "clamav"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert not {"ports", "secrets", "environment"} & service.keys()


def test_no_page_waits_for_the_scanner_to_start():
    assert not {"scanner", "signatures"} & SERVICES["web"]["depends_on"].keys()
