"""Findings that somebody has looked into and put on record, so that new ones are seen.

Evidence is never taken back, so neither is an entry that somebody wrote past the portal: the check
would say no for ever, and nobody would look any more. What is put on record is shown each time.
"""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import chain
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from audit.ledger.findings import Findings, in_one_line
from audit.ledger.leaves import LeafFault, read
from audit.ledger.reading import some_rows
from audit.models import Event, KnownFinding, Leaf
from audit.names import thing_of
from audit.record import record
from encryption.errors import EncryptionFault
from encryption.fingerprints import is_keyed_fingerprint_of, plain
from encryption.models import raw_values, sealed_digest

MOVE: Final = "ledger.acknowledge"
LONGEST: Final = {"reason": 500, "by": 100}
SHORTEST: Final = 12  # digits by which a finding is told apart


class NotAcknowledged(Exception):
    """There is no such finding that can be put on record; the text says what to do."""


def acknowledge(found: Findings, number: str, *, reason: str, by: str) -> KnownFinding:
    """Put one of these findings on record, with its leaf. Raises NotAcknowledged.

    ``number`` is the beginning of its digest as it is now: what has changed since somebody looked
    into it is another finding.
    """
    those = [what for what, full in found.numbers.items() if full.startswith(number)]
    if len(number) < SHORTEST or len(those) != 1:
        raise NotAcknowledged(
            f"There is no finding {number} now that can be put on record. Those that can have "
            "their number before them: run `manage.py ledger verify-live`."
        )
    return _on_record(those[0], found.numbers[those[0]], reason=reason, by=by)


def taken_away(what: str, *, reason: str, by: str) -> KnownFinding:
    """Put on record that what this says was taken away. Raises NotAcknowledged.

    Should the very same stand there again, that is another finding and not known.
    """
    what = in_one_line(what)
    number = sha256(json.dumps([what, "taken away", str(uuid4())]).encode()).hexdigest()
    return _on_record(f"Taken away: {what}", number, reason=reason, by=by)


def _on_record(what: str, number: str, *, reason: str, by: str) -> KnownFinding:
    row = KnownFinding(
        finding=number,
        what=what,
        reason=_said(reason, "reason"),
        by=_said(by, "by"),
        at=timezone.now(),
    )
    with transaction.atomic():
        row.save(force_insert=True)
        record(MOVE, row, person="", agency="", before="", after="known", digest=sealed_digest(row))
    return row


def _said(text: str, of: str) -> str:
    longest = LONGEST[of]
    text = " ".join(text.split())
    if not text or len(text) > longest:
        raise NotAcknowledged(f"Give --{of}, in {longest} letters at the most.")
    return text


def in_words(rows: Sequence[KnownFinding], *, still: bool = True) -> Iterator[str]:
    """What was put on record, by whom and why, as lines to print; none where nothing was."""
    if rows:
        so = "and still so" if still else "and no longer as it was then"
        yield f"Looked into and put on record, {so}: {len(rows):,}."
    for row in rows:
        yield f"  {row.what}"
        yield f"    Put on record on {row.at:%d %B %Y} by {row.by}: {row.reason}"


def known_to(found: Findings) -> set[str]:
    """Have ``found`` know what was put on record; the keys of all rows that say so.

    A row is believed where a leaf of its own bears its fingerprint, under the register's key:
    whoever has the tables and no ring cannot make one up.
    """
    rows = dict(chain.from_iterable(some_rows(KnownFinding.objects.all())))
    believed = {}
    for pk, row in rows.items():
        name = f"{thing_of(KnownFinding)} {pk}"
        if row is None:
            found.add(f"{name} cannot be read.")
        elif _is_in_ledger(row):
            believed[row.finding] = row
        else:
            found.add(f"{name} was not written by `ledger acknowledge`.")
    found.known = believed
    return {str(pk) for pk in rows}


def _is_in_ledger(row: KnownFinding) -> bool:
    events = Event.objects.filter(move=MOVE, thing=thing_of(row), thing_id=str(row.pk))
    bodies = Leaf.objects.sound().filter(kind=Leaf.Kind.CHANGE, entry__in=events.values("pk"))
    columns = plain(KnownFinding, raw_values(row))
    for body in bodies.values_list("body", flat=True):
        try:
            if is_keyed_fingerprint_of(read(body)["row"], columns, None):
                return True
        except (LeafFault, EncryptionFault):
            continue
    return False
