"""How much of what was recorded has no place in the ledger yet, asked from behind the wall."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from audit.intake import EARLIEST, LATEST
from audit.ledger.findings import Findings
from audit.ledger.verifying import count_waiting

# A time that no reader can read is as good as none.
ASK = (
    "SELECT wall_leaves_waiting(), CASE WHEN at >= %s AND at < %s THEN at END"
    " FROM (SELECT wall_oldest_leaf_waiting() AS at) AS oldest"
)


def waiting() -> tuple[int, datetime | None]:
    """How many leaves wait for the sequencer, and since when the oldest of them does."""
    if settings.SECOND_WALL:
        # Whoever looks sees few of the leaves themselves; the wall counts them all.
        with connection.cursor() as cursor:
            cursor.execute(ASK, [EARLIEST, LATEST])
            count, oldest = cursor.fetchone()
        return count, oldest
    found = Findings()
    count_waiting(found)
    return found.waiting, found.oldest_waiting
