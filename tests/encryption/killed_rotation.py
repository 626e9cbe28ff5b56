"""Run by a test: rotates in child processes and kills each at a random moment."""

import random
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402

from encryption import rotating  # noqa: E402
from encryption.provider import forget_keyring  # noqa: E402
from encryption.ringfile import add_ring_key  # noqa: E402
from tests.encryption.killing import killed_after  # noqa: E402

ring, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
settings.KEYRING_FILE = ring
rotating.BATCH = 10  # type: ignore[misc]
chance = random.Random(seed)  # noqa: S311
STEPS = 40  # as many as a whole one takes
unfinished = 0
for _round in range(rounds):
    forget_keyring()
    if not rotating.waiting():
        add_ring_key(ring)
    killed_after(chance.randrange(STEPS), chance.uniform(0, 0.02), rotating.rotate)
    unfinished += bool(rotating.waiting())
sys.stdout.write(f"{unfinished}\n")
