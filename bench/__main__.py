"""``make bench``: measures on databases of its own, and ends with 1 where a bound is broken."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings


def main() -> int:
    """Make the tables, measure, say."""
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from bench import budgets, growth, keys, ledger, matching, pages, quick
    from bench.options import Options, options
    from encryption.provider import create_keyring_file
    from portal.rls.building import build
    from portal.tables import make_tables

    for alias in ("default", "keystore"):
        make_tables(alias)
        build(alias, {})
    keyring = Path(settings.KEYRING_FILE)
    if not keyring.exists():
        create_keyring_file(keyring)
    parts: dict[str, Callable[[Options], bool]] = {
        "costs": budgets.main,
        "pages": lambda _told: pages.main(),
        "keys": lambda _told: keys.main(),
        "ledger": lambda _told: ledger.main(),
        "matching": matching.main,
        "growth": lambda told: growth.main(many=told.many),
    }
    told = options(sys.argv[1:], [*parts, "quick"])
    if told.parts == ["quick"]:
        parts["quick"] = quick.main
    held = [part(told) for name, part in parts.items() if name in told.parts or not told.parts]
    print("\nEvery bound is kept." if all(held) else "\nNOT every bound is kept.")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
