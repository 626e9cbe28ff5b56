"""What the compose file gives clamd and freshclam is what they and the portal need."""

import shutil
import subprocess
from pathlib import Path

import yaml

from encryption.uploads import largest_file
from tests.scanning.clamd import CONF
from workflow.scanning import LONGEST

DEPLOY = Path(CONF).parent


def said_in(path):
    lines = path.read_text().splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


def test_clamd_takes_all_that_the_portal_does_and_answers_before_it_is_given_up(clamd):
    """That it starts with these settings is the fixture's to show."""
    said = said_in(CONF)
    assert int(said["StreamMaxLength"].removesuffix("M")) * 1024 * 1024 > largest_file()
    assert int(said["MaxScanTime"]) / 1_000 < LONGEST
    assert said["AlertExceedsMax"] == "yes"
    scanner = yaml.safe_load((DEPLOY.parent / "docker-compose.yml").read_text())["services"][
        "scanner"
    ]
    assert said["TemporaryDirectory"] in scanner["tmpfs"], "what is looked through lies on no disk"
    assert "LogFile" not in said, "nothing may be written but to memory"
    assert "Unknown option" not in clamd.log.read_text()


def test_freshclam_takes_its_settings():
    program = shutil.which("freshclam", path="/usr/bin:/usr/local/bin:/usr/sbin")
    done = subprocess.run(
        [program, f"--config-file={DEPLOY / 'freshclam.conf'}", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert said_in(DEPLOY / "freshclam.conf")["DatabaseDirectory"] == "/var/lib/clamav"
