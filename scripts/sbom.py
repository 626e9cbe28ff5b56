"""Write the bill of materials in CycloneDX: each pinned package with its hashes and its licence.

    make sbom                       writes var/sbom.cdx.json
    python scripts/sbom.py FILE

What is pinned is read from the lock that the image installs; a licence is what the package itself
says where it is installed. A package that is not installed in the pinned version here, such as one
for another system, has none and is named.
"""

import json
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "run.txt"
OUTPUT = ROOT / "var" / "sbom.cdx.json"
VERSION = SchemaVersion.V1_6
LONGEST_NAME = 100  # some packages put the whole text of their licence where its name belongs


def main() -> int:
    """Write the file; 1, with words, where it would not be a good one."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    bill, without = made()
    text = json.dumps(bill, indent=2, sort_keys=True) + "\n"
    if fault := JsonStrictValidator(VERSION).validate_str(text):
        print(f"The bill of materials is not valid: {fault}", file=sys.stderr)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    print(f"Wrote {target}: {len(bill['components'])} packages.")
    if without:
        print(f"Not installed here, so without a licence: {', '.join(without)}.")
    return 0


def made() -> tuple[dict[str, Any], list[str]]:
    """The bill, and the packages whose licence is not known here."""
    bill = _of_the_lock()
    bill["metadata"]["component"] = _ourselves()
    without = []
    for component in bill["components"]:
        if licence := licence_of(component["name"], component["version"]):
            component["licenses"] = [licence]
        else:
            without.append(component["name"])
    return bill, without


def _of_the_lock() -> dict[str, Any]:
    command = ["-m", "cyclonedx_py", "requirements", str(LOCK), "--output-reproducible"]
    form = ["--output-format", "JSON", "--spec-version", VERSION.to_version()]
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *command, *form, "--output-file", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    bill: dict[str, Any] = json.loads(done.stdout)
    bill.setdefault("metadata", {})
    return bill


def _ourselves() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {
        "type": "application",
        "bom-ref": "portal",
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"license": {"id": "MIT"}}],
    }


def licence_of(name: str, version: str) -> dict[str, Any] | None:
    """What the package says of itself, as CycloneDX has it; None where it is not installed."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if about["Version"] != version:
        return None
    if expression := _said(about, "License-Expression"):
        return {"expression": expression}
    named = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or []
        if line.startswith("License :: ") and line.count(" :: ") > 1
    ]
    said = _said(about, "License")
    text = " and ".join(named) or (said if len(said) < LONGEST_NAME else said.splitlines()[0])
    return {"license": {"name": text}} if text else None


def _said(about: metadata.PackageMetadata, field: str) -> str:
    return str(about[field]).strip() if field in about else ""


if __name__ == "__main__":
    sys.exit(main())
