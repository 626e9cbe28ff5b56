"""Environments of their own for what the bench measures beside."""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]


def installed(name: str) -> Path:
    """The Python of an environment that has the packages of a lock, as it stands now."""
    folder, lock = ROOT / "var" / name, ROOT / "requirements" / f"{name}.txt"
    python, kept = folder / "bin" / "python", folder / "lock"
    if not kept.exists() or kept.read_text() != lock.read_text():
        print(f"Installing {name}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)  # noqa: S603
        flags = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement"]
        subprocess.run([python, "-m", "pip", "install", *flags, lock], check=True)  # noqa: S603
        kept.write_text(lock.read_text())
    return python
