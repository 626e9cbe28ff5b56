"""A secret may be given as a file: started as in production, by an environment that names one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from portal.settings.secret_files import IS_SECRET, secrets_in_files
from tests.portal.test_production import GOOD, load

ROOT = Path(__file__).parents[2]
SHOW = "from portal.settings import production as p; print({})".format
# What each secret becomes, and a value of its own, to be told from all others.
SECRETS = {
    "SECRET_KEY": ("p.SECRET_KEY", "$" + GOOD["SECRET_KEY"] + "${HOME}"),
    "DATABASE_URL": (
        "p.DATABASES['default']['PASSWORD']",
        "postgres://portal:zebra@database/portal?sslmode=verify-full",
    ),
    "KEYSTORE_DATABASE_URL": (
        "p.DATABASES['keystore']['PASSWORD']",
        "postgres://portal:zebra@keystore/keystore?sslmode=require",
    ),
    "BACKUP_DATABASE_URL": (
        "p.BACKUP_DATABASE_URL",
        "postgres://portal:zebra@database/portal?sslmode=require",
    ),
    "BACKUP_KEYSTORE_DATABASE_URL": (
        "p.BACKUP_KEYSTORE_DATABASE_URL",
        "postgres://portal:zebra@keystore/keystore?sslmode=require",
    ),
    "REDIS_URL": ("p.CACHES['default']['LOCATION']", "redis://:zebra@redis:6379/0"),
    "CELERY_BROKER_URL": ("p.CELERY_BROKER_URL", "redis://:zebra@redis:6379/1"),
    "EMAIL_URL": ("p.EMAIL_HOST_PASSWORD", "smtp+tls://portal:zebra@mail.example:587"),
    "PORTAL_APP_PASSWORD": ("p.env.str('PORTAL_APP_PASSWORD')", "zebra"),
    "KEYSTORE_APP_PASSWORD": ("p.env.str('KEYSTORE_APP_PASSWORD')", "zebra"),
    "PORTAL_WORKER_PASSWORD": ("p.env.str('PORTAL_WORKER_PASSWORD')", "zebra"),
    "PORTAL_LEDGER_PASSWORD": ("p.env.str('PORTAL_LEDGER_PASSWORD')", "zebra"),
    "METRICS_TOKEN": ("p.METRICS_TOKEN", "zebra-" + "z" * 32),
    "SSO_PROVIDERS": (
        "p.SSO.providers['trust'].secret",
        '[{"id": "trust", "name": "Trust", "issuer": "https://login.example",'
        ' "client_id": "portal", "client_secret": "zebra"}]\n',
    ),
}


def a_file(folder, text, mode=0o600):
    """A file of a secret, and nobody else's."""
    file = folder / "secret"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(mode)
    return str(file)


def test_each_is_what_its_file_holds_without_its_line_break(tmp_path):
    files = {}
    for name, (_, value) in SECRETS.items():
        (folder := tmp_path / name).mkdir()
        files[f"{name}_FILE"] = a_file(folder, value.removesuffix("\n") + "\n")
    shown = SHOW(", ".join(shown for shown, _ in SECRETS.values()))
    done = load(shown, **dict.fromkeys(SECRETS), **files)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    as_values = load(shown, **{name: value for name, (_, value) in SECRETS.items()})
    assert done.stdout == as_values.stdout
    assert done.stdout.startswith(SECRETS["SECRET_KEY"][1])
    assert done.stdout.count("zebra") == len(SECRETS) - 1, "all but the first, whose own it is"


@pytest.mark.parametrize(
    ("text", "value"),
    [("zebra", "zebra"), ("zebra\r\n", "zebra"), (" zebra\n\n", " zebra\n"), ("$1\\$", "$1\\$")],
)
def test_one_line_break_is_taken_from_it_and_nothing_else(tmp_path, text, value):
    assert secrets_in_files({"REDIS_URL_FILE": a_file(tmp_path, text)}) == {"REDIS_URL": value}


def test_every_secret_of_the_compose_file_is_one():
    """Also one that is added there later."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    named = {
        name
        for service in services.values()
        if "build" in service
        for name, value in service["environment"].items()
        if re.search(r"\$\{\w*(PASSWORD|SECRET|TOKEN|EMAIL_URL|SSO)", str(value))
    }
    assert named >= {"SECRET_KEY", "DATABASE_URL", "PORTAL_APP_PASSWORD", "REDIS_URL"}
    assert not [name for name in named if not IS_SECRET.fullmatch(name)]
    assert not [name for name in SECRETS if not IS_SECRET.fullmatch(name)]


def test_what_is_no_secret_of_ours_is_left_alone():
    others = (
        "KEYRING",
        "SIGNING_KEY",
        "ALIVE",
        "PORTAL_URL",
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD_X",
    )
    assert secrets_in_files({f"{name}_FILE": "/nowhere" for name in others}) == {}


ZEBRA = "zebra" * 12
FAULTS = [
    (lambda folder: str(folder / "nowhere"), "cannot be read (No such file or directory)"),
    (str, "cannot be read (Is a directory)"),
    (lambda folder: a_file(folder, " \n"), "is empty: write the value into it"),
    (lambda folder: a_file(folder, b"zebra\xff"), "cannot be read (it is not text in UTF-8)"),
]


@pytest.mark.parametrize(("make", "why"), FAULTS)
def test_what_cannot_be_used_is_said_in_one_sentence(tmp_path, make, why):
    name = "SECRET_KEY"
    done = load(**{name: None, f"{name}_FILE": make(tmp_path)})
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert f"The file that {name}_FILE names {why}" in last
    assert "zebra" not in done.stderr


def test_one_that_may_not_be_read_is_named(tmp_path):
    """As somebody who is not root, whoever runs the tests."""
    script = f"""
import os
from portal.settings.secret_files import secrets_in_files
if not os.geteuid():
    os.seteuid(65534)
secrets_in_files({{"SECRET_KEY_FILE": {a_file(tmp_path, ZEBRA, 0o000)!r}}})
"""
    assert "SECRET_KEY_FILE names cannot be read (Permission denied)" in load(script).stderr


def test_both_are_refused_and_every_fault_is_named_at_once(tmp_path):
    file = a_file(tmp_path, ZEBRA)
    done = load(SECRET_KEY_FILE=file, EMAIL_URL=None, EMAIL_URL_FILE=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "SECRET_KEY and SECRET_KEY_FILE are both set: unset one of them." in done.stderr
    assert "The file that EMAIL_URL_FILE names cannot be read" in done.stderr
    assert "zebra" not in done.stderr
    assert GOOD["SECRET_KEY"] not in done.stderr


def test_one_that_is_set_to_nothing_is_not_set(tmp_path):
    """As compose hands on what its file of values leaves empty."""
    assert load(SECRET_KEY="", SECRET_KEY_FILE=a_file(tmp_path, ZEBRA)).returncode == 0
    assert load(EMAIL_URL_FILE=" ").returncode == 0


def test_one_that_everybody_may_read_is_told_of_and_used(tmp_path):
    done = load(SHOW("p.SECRET_KEY"), SECRET_KEY="", SECRET_KEY_FILE=a_file(tmp_path, ZEBRA, 0o444))
    assert done.stdout.strip() == ZEBRA
    assert done.stderr.startswith("Everybody on this machine may read the file that SECRET_KEY_FI")
    assert "zebra" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://portal:a/zebra#c@database/portal?sslmode=require"),
        ("DATABASE_URL", "postgres://portal:p@database:zebra/portal?sslmode=require"),
        ("EMAIL_URL", "smtp+tls://portal:zebra/@mail.example:587"),
        ("EMAIL_URL", "smtp+tls://mail.example:zebra"),
        ("DATABASE_URL", "$zebra"),
        ("DATABASE_URL", "postgress://portal:zebra@database/portal?sslmode=require"),
        ("REDIS_URL", "$zebra"),
        ("SECRET_KEY", "$zebra"),
    ],
)
def test_no_piece_of_what_is_wrong_is_printed(tmp_path, name, value):
    for given in ({name: value}, {name: None, f"{name}_FILE": a_file(tmp_path, value)}):
        done = load(**given)
        assert done.returncode == 1
        assert name in done.stderr.strip().splitlines()[-1]
        assert "zebra" not in done.stderr


def test_a_command_says_it_without_a_traceback():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings.production",
            **{name: value for name, value in GOOD.items() if name != "SECRET_KEY"},
            "SECRET_KEY_FILE": "/nowhere",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert line.startswith("The file that SECRET_KEY_FILE names cannot be read")


def test_what_makes_keys_needs_none_of_them(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "keys", "create"],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings.production",
            "KEYRING_FILE": str(tmp_path / "keyring.json"),
            "DATABASE_URL_FILE": "/nowhere",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "keyring.json").exists()
