"""The bill of materials says what is pinned, with hashes and licences, and is a valid one."""

import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bill(tmp_path_factory):
    file = tmp_path_factory.mktemp("sbom") / "sbom.json"
    done = subprocess.run(
        [sys.executable, "scripts/sbom.py", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return file.read_text()


def test_it_is_valid_cyclonedx(bill):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    broken = bill.replace('"CycloneDX"', '"Something"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


def test_every_pinned_package_is_there_with_all_its_hashes(bill):
    lock = (ROOT / "requirements" / "run.txt").read_text()
    pinned = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", lock, re.MULTILINE))
    assert len(pinned) > 40
    components = json.loads(bill)["components"]
    assert {each["name"]: each["version"] for each in components} == pinned
    hashes = {
        one["content"]
        for each in components
        for reference in each["externalReferences"]
        for one in reference.get("hashes", [])
    }
    assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", lock))


def test_every_package_that_is_installed_here_has_its_licence(bill):
    for each in json.loads(bill)["components"]:
        try:
            is_here = metadata.version(each["name"]) == each["version"]
        except metadata.PackageNotFoundError:
            is_here = False
        assert bool(each.get("licenses")) is is_here, each["name"]


def test_the_newest_change_is_of_this_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    changes = (ROOT / "CHANGELOG.md").read_text()
    [newest, *_older] = re.findall(r"^## (\d+\.\d+\.\d+) \(\w+ \d{4}\)$", changes, re.MULTILINE)
    assert project["version"] == newest
