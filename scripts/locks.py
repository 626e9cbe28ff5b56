"""The locks hold what requirements/*.in ask for, every pin has hashes, and both agree."""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "requirements"
PEERS = ("helpdesk", "splink")  # what the bench measures beside, each in its own environment


def pins(name: str) -> dict[str, str]:
    """Package to version, from one lock."""
    found = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (FOLDER / name).read_text(), re.MULTILINE
    )
    return {_plain(package): version for package, version in found}


def asked(name: str) -> set[str]:
    """The packages that one ``.in`` file names itself."""
    lines = (line.strip() for line in (FOLDER / name).read_text().splitlines())
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line and line[0] not in "#-")
    return {_plain(match[0]) for match in names if match}


def _plain(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def faults() -> list[str]:
    """What is wrong, in words."""
    run, test, uv = (pins(f"{name}.txt") for name in ("run", "test", "uv"))
    wrong = [f"run.txt lacks {name}" for name in asked("run.in") - run.keys()]
    wrong += [f"test.txt lacks {name}" for name in asked("test.in") - test.keys()]
    wrong += [
        f"{name} is {version} to run and {test.get(name)} to test"
        for name, version in run.items()
        if test.get(name) != version
    ]
    wrong += [f"uv.txt lacks {name}" for name in asked("uv.in") - uv.keys()]
    for peer in PEERS:
        lacking = asked(f"{peer}.in") - pins(f"{peer}.txt").keys()
        wrong += [f"{peer}.txt lacks {name}" for name in lacking]
    if uv.get("uv") != test.get("uv"):
        wrong.append(f"uv is {uv.get('uv')} to set up and {test.get('uv')} to test")
    for name in ("run.txt", "test.txt", "uv.txt", *(f"{peer}.txt" for peer in PEERS)):
        for block in re.split(r"\n(?=[A-Za-z0-9])", (FOLDER / name).read_text()):
            if "==" in block and "--hash=sha256:" not in block:
                wrong.append(f"{name}: no hash for {block.splitlines()[0]}")
    return sorted(wrong)


if __name__ == "__main__":
    found = faults()
    for fault in found:
        print(f"{fault}; run `make lock`")
    sys.exit(bool(found))
