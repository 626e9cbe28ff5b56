"""Everything that can be said about the code without running the tests. All of it runs, then fails.

Each check is a header and a command; a command that finds nothing to look at is a failure too.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BIN = Path(PYTHON).parent
# Each package that lies here, so that none can be left out.
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
APPS = [name for name in PACKAGES if name not in {"bench", "scripts", "tests", "tools"}]
SETTINGS = {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}

CHECKS: list[tuple[str, list[str]]] = [
    ("Format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
    ("Lint", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    ("Types", [PYTHON, "-m", "mypy", *APPS, "scripts", "tools", "bench"]),
    ("Import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
    (
        "Dependencies",
        [str(BIN / "deptry"), ".", "--config", "requirements/deptry.toml", "--no-ansi"],
    ),
    ("Words", [PYTHON, "scripts/words.py"]),
    ("Words on screens", [PYTHON, "scripts/screen_words.py"]),
    ("Templates: format", [PYTHON, "-m", "djlint", "templates", "--check", "--quiet"]),
    ("Templates: lint", [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"]),
    ("System checks", [PYTHON, "manage.py", "check", "--fail-level", "WARNING"]),
    ("Missing migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    (
        "Security lint",
        [PYTHON, "-m", "bandit", "-q", "-ll", "-c", "pyproject.toml", "-r", *APPS, "tools"],
    ),
    (
        "Compose file",
        [
            str(BIN / "check-jsonschema"),
            "--builtin-schema",
            "vendor.compose-spec",
            "docker-compose.yml",
            "deploy/objects/docker-compose.yml",
        ],
    ),
    ("Dockerfile", [str(BIN / "hadolint"), "Dockerfile"]),
    ("Locks", [PYTHON, "scripts/locks.py"]),
]


def main() -> int:
    """Run all of them; the exit code says whether any failed."""
    failed = []
    for name, command in CHECKS:
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603 - the commands above
            command,
            cwd=ROOT,
            env={**os.environ, **SETTINGS},
            capture_output=True,
            text=True,
            check=False,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"== {name}: {verdict} ({time.monotonic() - started:.1f}s)", flush=True)
        if done.returncode:
            failed.append(name)
            print((done.stdout + done.stderr).rstrip(), flush=True)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nEverything holds.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
