"""``make bench``: measures on a database of its own, and ends with 1 where a bound is broken."""

import sys

import django
from django.core.management import call_command


def main() -> int:
    """Make the tables, measure, say."""
    django.setup()
    for database in ("default", "keystore"):
        call_command("migrate", database=database, interactive=False, verbosity=0)
    from bench import ledger

    held = [ledger.main()]
    print("\nEvery bound is kept." if all(held) else "\nNOT every bound is kept.")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
