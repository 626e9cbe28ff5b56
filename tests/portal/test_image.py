"""What goes into the image: the portal, and no secret that lies beside it (H3)."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LINES = [
    line
    for line in (ROOT / ".dockerignore").read_text().splitlines()
    if line and not line.startswith("#")
]
SECRETS = (
    ".env",
    ".env.production",
    "portal.env",
    "keyring.json",
    "keyring-2026.json",
    "ledger.key",
    "backup-keys/data.key",
    "restore-keys/data.json",
    "portal/.env",
    "portal/keyring.json",
    "encryption/old-keyring.json",
    "audit/ledger.key",
    "signin/saml.pem",
    ".git/config",
    "var/secret_key",
    "dump.sql",
    "tests/conftest.py",
)


def goes_in(path: str) -> bool:
    """Whether the builder is sent this file: the last line that names it or its folder says."""
    places = [path, *[str(parent) for parent in PurePosixPath(path).parents][:-1]]
    is_in = True
    for line in LINES:
        pattern = line.removeprefix("!")
        if pattern.startswith("**/"):
            named = any(fnmatch(PurePosixPath(place).name, pattern[3:]) for place in places)
        else:
            named = any("/" not in place and fnmatch(place, pattern) for place in places)
        if named:
            is_in = line.startswith("!")
    return is_in


@pytest.mark.parametrize("path", SECRETS)
def test_no_secret_goes_into_the_image(path):
    assert not goes_in(path)


@pytest.mark.parametrize(
    "path", [path for path in SECRETS if path.endswith((".env", ".json", ".key", ".pem"))]
)
def test_no_secret_is_taken_into_the_history(path):
    lines = (ROOT / ".gitignore").read_text().splitlines()
    here = f"/{path}"
    assert any(
        here.startswith(line) if line.startswith("/") else fnmatch(PurePosixPath(path).name, line)
        for line in lines
        if line and not line.startswith("#")
    )


def test_the_secrets_of_compose_lie_outside_the_tree():
    text = (ROOT / "docker-compose.yml").read_text()
    assert ":-./" not in text
    compose = yaml.safe_load(text)
    for secret in compose["secrets"].values():
        assert ":-/etc/safeguarding-portal}" in secret["file"]


def test_what_goes_in_is_enough_to_start(tmp_path):
    for top in filter(goes_in, (each.name for each in ROOT.iterdir())):
        for file in [ROOT / top, *(ROOT / top).rglob("*")]:
            path = str(file.relative_to(ROOT))
            if file.is_file() and goes_in(path):
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, tmp_path / path)
    for command in (["check"], ["collectstatic", "--no-input", "--verbosity", "0"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PORTAL_VAR": str(tmp_path / "var"),
                "DJANGO_SETTINGS_MODULE": "portal.settings.embedded",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "var" / "static" / "portal").is_dir()


def test_each_volume_of_ours_begins_as_a_folder_that_the_portal_may_write_to():
    """What is mounted on a folder that the image lacks would belong to root (bug 2)."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    [made] = re.findall(r"install --directory --owner portal --mode 700 ([^\n&]+)", dockerfile)
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    named = {
        place.split(":")[1]
        for service in services.values()
        if "build" in service
        for place in service.get("volumes", [])
        if not place.startswith(("/", ".", "$"))
    }
    assert named == {"/files", "/register", "/drill"}
    assert named <= set(made.split())
