"""``make bench``: measures on databases of its own, and ends with 1 where a bound is broken."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings


def main() -> int:
    """Make the tables, measure, say."""
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from bench import costs, growth, keys, ledger, pages
    from encryption.provider import create_keyring_file
    from portal.rls.building import build
    from portal.tables import make_tables

    for alias in ("default", "keystore"):
        make_tables(alias)
        build(alias, {})
    keyring = Path(settings.KEYRING_FILE)
    if not keyring.exists():
        create_keyring_file(keyring)
    chosen = sys.argv[1:]
    parts = {
        "costs": costs.main,
        "pages": pages.main,
        "keys": keys.main,
        "ledger": ledger.main,
        "growth": growth.main,
    }
    held = [part() for name, part in parts.items() if name in chosen or not chosen]
    print("\nEvery bound is kept." if all(held) else "\nNOT every bound is kept.")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
