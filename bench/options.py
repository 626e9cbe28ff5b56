"""What a run of the bench is told: which parts of it, of what size, and whether it writes."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Options:
    """As the command line has it, with the sizes of a whole run."""

    parts: list[str] = field(default_factory=list)
    requests: int = 20_000
    open: int = 20_000
    versions: int = 200
    many: int = 1_000_000
    tickets: int = 100_000
    turns: int = 5
    write: bool = False


def options(said: Sequence[str], parts: Sequence[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(parts))
    usual = Options()
    for name, words in (
        ("requests", "finished requests among which costs are measured"),
        ("open", "open requests among which the inbox is measured"),
        ("versions", "changes that a long request has behind it"),
        ("many", "requests to which growth is measured"),
        ("tickets", "tickets of django-helpdesk"),
        ("turns", "turns of each with its peer"),
    ):
        parser.add_argument(f"--{name}", type=int, default=getattr(usual, name), help=words)
    parser.add_argument("--write", action="store_true", help="keep figures and ceilings in files")
    told = parser.parse_args(said)
    if unknown := set(told.parts) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return Options(**vars(told))
