"""Production settings stop, with reasons, where something is missing or unsafe."""

import json
import os
import subprocess
import sys

import pytest

GOOD = {
    "SECRET_KEY": "".join(map(chr, range(50, 110))),
    "ALLOWED_HOSTS": "portal.partnership.example",
    "DATABASE_URL": "postgres://portal:p@database/portal?sslmode=verify-full",
    "KEYSTORE_DATABASE_URL": "postgres://portal:p@keystore/keystore?sslmode=require",
    "REDIS_URL": "redis://:p@redis:6379/0",
    "KEYRING_FILE": "/run/secrets/keyring",
    "DISPOSAL_REGISTER": "/register/disposals.jsonl",
    "FILES_DIR": "/files",
    "EMAIL_URL": "smtp+tls://mail.partnership.example:587",
    "DEFAULT_FROM_EMAIL": "portal@partnership.example",
    "PORTAL_URL": "https://portal.partnership.example",
    "STORAGE_REGION": "uk-south",
    "ALLOWED_STORAGE_REGIONS": "uk-south,uk-west",
    "BACKUPS": "elsewhere",
    "FILE_SCANNER": "none",
}
SHOW = """
import json
from portal.settings import production as p
print(json.dumps({
    "engines": [d["ENGINE"] for d in p.DATABASES.values()],
    "limits": p.DATABASES["keystore"]["OPTIONS"],
    "secure": [p.SESSION_COOKIE_SECURE, p.CSRF_COOKIE_SECURE, p.SECURE_SSL_REDIRECT],
    "hsts": p.SECURE_HSTS_SECONDS,
    "proxy": getattr(p, "SECURE_PROXY_SSL_HEADER", None),
    "debug": p.DEBUG,
    "backend": p.EMAIL_BACKEND,
    "broker": p.CELERY_BROKER_URL,
    "transport": p.CELERY_BROKER_TRANSPORT_OPTIONS,
}))
"""


def load(script: str = "import portal.settings.production", **changes: str | None):
    """Load the settings in a process of their own, whose environment is only what is given."""
    env = {"PATH": os.environ["PATH"], **GOOD, **changes}
    return subprocess.run(
        [sys.executable, "-c", script],
        env={name: value for name, value in env.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_that_is_missing_is_named_at_once():
    done = load(**dict.fromkeys(GOOD))
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert all(name in last for name in GOOD)


@pytest.mark.parametrize("name", GOOD)
def test_one_that_is_empty_counts_as_missing(name):
    done = load(**{name: "  "})
    last = done.stderr.strip().splitlines()[-1]
    assert last.endswith(f"Set these environment variables: {name}")


@pytest.mark.clause("ISA-4.3-EEA", part=True)
def test_it_refuses_to_store_outside_the_allowed_regions():
    done = load(STORAGE_REGION="us-east")
    assert done.returncode == 1
    assert "STORAGE_REGION is 'us-east'" in done.stderr
    assert "uk-south, uk-west" in done.stderr


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"DEBUG": "true"}, "DEBUG"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY needs 50"),
        ({"METRICS_TOKEN": "zebra" * 6}, "METRICS_TOKEN needs 32"),
        ({"ALLOWED_HOSTS": "*"}, "must name the hosts"),
        ({"PORTAL_URL": "http://portal.partnership.example"}, "https://"),
        ({"DATABASE_URL": "sqlite:////tmp/x"}, "must be PostgreSQL"),
        ({"KEYSTORE_DATABASE_URL": GOOD["DATABASE_URL"]}, "another database"),
        ({"BACKUPS": "no"}, "must be `here`"),
        ({"BACKUPS": "here"}, "Set BACKUP_DATA_DIR and BACKUP_KEYSTORE_DIR"),
        ({"BACKUPS": "here", "BACKUP_DATA_DIR": "/b"}, "Set BACKUP_DATA_DIR and"),
        (
            {"BACKUPS": "here", "BACKUP_DATA_DIR": "/b", "BACKUP_KEYSTORE_DIR": "/b/../b"},
            "another place",
        ),
    ],
)
def test_it_refuses_what_is_unsafe(changes, why):
    done = load(**changes)
    assert done.returncode == 1
    assert why in done.stderr.strip().splitlines()[-1]


IN_CLEAR = [
    ("database", {"DATABASE_URL": "postgres://portal:p@database/portal"}, "add ?sslmode="),
    ("database", {"DATABASE_URL": "postgres://p:p@d/portal?sslmode=prefer"}, "add ?sslmode="),
    ("database", {"KEYSTORE_DATABASE_URL": "postgres://p:p@k/k?sslmode=disable"}, "KEYSTORE_DATA"),
    ("database", {"BACKUP_DATABASE_URL": "postgres://p:p@d/portal"}, "BACKUP_DATABASE_URL"),
    ("redis", {"REDIS_URL": "redis://redis:6379/0"}, "REDIS_URL has no password"),
    ("redis", {"CELERY_BROKER_URL": "redis://redis:6379/0"}, "CELERY_BROKER_URL has no password"),
    ("mail", {"EMAIL_URL": "smtp://mail.partnership.example:25"}, "write smtp+tls://"),
    ("scanner", {"FILE_SCANNER": "tcp://scanner.partnership.example:3310"}, "use unix:/path"),
]


@pytest.mark.parametrize(("network", "changes", "why"), IN_CLEAR)
def test_it_refuses_what_would_go_in_clear_unless_the_network_is_said_to_be_its_own(
    network, changes, why
):
    done = load(**changes)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert why in last
    assert f"set PRIVATE_NETWORK={network}" in last
    assert "p@" not in last, "a piece of an address is not printed"
    assert load(PRIVATE_NETWORK=network, **changes).returncode == 0


def test_a_network_that_is_said_to_be_its_own_is_so_for_nothing_else():
    assert load(PRIVATE_NETWORK="database,redis", **IN_CLEAR[-1][1]).returncode == 1
    assert "takes some of" in load(PRIVATE_NETWORK="everything").stderr


@pytest.mark.parametrize("said", ["unix:/run/clamav/clamd.ctl", "tcp://127.0.0.1:3310"])
def test_a_scanner_on_the_machine_itself_needs_no_network(said):
    script = "from portal.settings import production as p; print(p.FILE_SCANNER)"
    assert load(script, FILE_SCANNER=said).stdout.strip() == said


@pytest.mark.parametrize(
    "said",
    [
        *("no", "clamd:3310", "unix:clamd.ctl", "http://scanner:3310", "tcp://scanner"),
        *(
            "tcp://scanner:0",
            "tcp://scanner:99999",
            "tcp://scanner:3310/x",
            "tcp://me@scanner:3310",
        ),
        "tcp://[scanner:3310",
    ],
)
def test_a_scanner_that_can_be_no_clamd_is_refused_with_what_to_write(said):
    done = load(FILE_SCANNER=said, PRIVATE_NETWORK="scanner")
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert "FILE_SCANNER must be unix:/path or tcp://host:port" in last
    assert "or the word none" in last


OF_RECORDS = ("KEYSTORE_DATABASE_URL", "KEYRING_FILE", "FILES_DIR", "FILE_SCANNER")
OF_EMAILS = ("SECRET_KEY", "EMAIL_URL")
WHAT_IT_HAS = """
import json
from portal.settings import production as p
print(json.dumps([sorted(p.DATABASES), str(p.KEYRING_FILE), str(p.FILES_DIR)]))
"""


@pytest.mark.clause("P-SECURE", part=True)
@pytest.mark.parametrize(
    ("keys", "without"),
    [("none", OF_RECORDS), ("signing", (*OF_RECORDS, *OF_EMAILS))],
)
def test_who_opens_no_record_is_not_asked_for_its_keys_and_takes_none(keys, without):
    bare = load(WHAT_IT_HAS, PORTAL_KEYS=keys, **dict.fromkeys(without))
    assert bare.returncode == 0, bare.stderr
    given = load(WHAT_IT_HAS, PORTAL_KEYS=keys)
    assert json.loads(bare.stdout) == json.loads(given.stdout) == [["default"], "None", "None"]
    for name in without:
        assert load(**{name: None}).returncode == 1, "who opens records must have all of them"


def test_who_sends_emails_must_have_what_links_are_made_of():
    for name in OF_EMAILS:
        done = load(PORTAL_KEYS="none", **{name: None})
        assert done.stderr.strip().endswith(f"Set these environment variables: {name}")


def test_what_is_right_loads():
    done = load(SHOW)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["engines"] == ["django.db.backends.postgresql"] * 2
    assert shown["limits"]["connect_timeout"] == 5
    assert "statement_timeout" in shown["limits"]["options"]
    assert "lock_timeout" in shown["limits"]["options"]
    assert shown["secure"] == [True, True, True]
    assert shown["hsts"] >= 31_536_000
    assert shown["proxy"] is None
    assert shown["debug"] is False
    assert shown["backend"].endswith("smtp.EmailBackend")
    assert shown["broker"] == GOOD["REDIS_URL"]
    assert shown["transport"]["unacked_restore_throttle"] == 1


@pytest.mark.parametrize(
    ("changes", "nightly"),
    [
        ({}, []),
        (
            {"BACKUPS": "here", "BACKUP_DATA_DIR": "/a", "BACKUP_KEYSTORE_DIR": "/b"},
            ["backups", "drills"],
        ),
    ],
)
def test_the_clock_asks_for_backups_only_where_they_are_made(changes, nightly):
    script = """
from portal.settings import production as p
print([w["options"]["queue"] for w in p.CELERY_BEAT_SCHEDULE.values() if "options" in w])
"""
    done = load(script, **changes)
    assert done.stdout.strip() == str(nightly), done.stderr


def test_a_proxy_is_believed_only_when_told():
    done = load(SHOW, BEHIND_PROXY="true")
    assert json.loads(done.stdout)["proxy"] == ["HTTP_X_FORWARDED_PROTO", "https"]


@pytest.mark.clause("ISA-4.3-SECURITY")
@pytest.mark.parametrize("said", ["false", "0", "", None])
def test_a_second_factor_is_required_whatever_the_environment_says(said):
    script = "from portal.settings import production as p; print(p.SECOND_FACTOR_REQUIRED)"
    assert load(script, SECOND_FACTOR_REQUIRED=said).stdout.split() == ["True"]


def test_djangos_own_deployment_checks_have_nothing_to_say():
    script = """
import django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.production"
django.setup()
from django.core.checks import run_checks
said = run_checks(include_deployment_checks=True)
print([str(m) for m in said if not m.is_silenced()])
"""
    done = load(script)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
