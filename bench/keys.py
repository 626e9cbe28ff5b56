"""How fast all case keys are wrapped anew by a new key of the ring."""

import time
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings

from bench.figures import Figure, show
from encryption.casekeys import create_case_key
from encryption.provider import forget_keyring
from encryption.ringfile import add_ring_key
from encryption.rotating import rotate

KEYS: Final = 3_000


def main() -> bool:
    """Make keys, put a new one on the ring, rotate; whether the bound is kept."""
    for _each in range(KEYS):
        create_case_key(uuid4())
    add_ring_key(Path(settings.KEYRING_FILE))
    forget_keyring()
    begun = time.monotonic()
    done = rotate(lambda _done: None)
    rate = done.keys / (time.monotonic() - begun)
    return show("Keys", [Figure("case keys wrapped anew", rate, "/s", least=500)])
