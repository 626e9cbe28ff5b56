"""How long tests wait for what they need, and how long their loops are.

A wait ends when its thing is there, so a long one costs nothing where all is well, and a busy
machine is no fault. Loops that kill and tamper are short by default, and long under
``make test LONG=1``.
"""

import os

PATIENCE = 600  # seconds
LONG = os.environ.get("LONG") == "1"


def length(short: int, *, long: int) -> int:
    """How often a loop goes round: short by default, long at night."""
    return long if LONG else short
