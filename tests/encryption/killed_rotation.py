"""Run by a test: rotates in child processes and kills each at a random moment."""

import os
import random
import signal
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from encryption import rotating  # noqa: E402
from encryption.provider import forget_keyring  # noqa: E402
from encryption.ringfile import add_ring_key  # noqa: E402

ring, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
settings.KEYRING_FILE = ring
rotating.BATCH = 10  # type: ignore[misc]
chance = random.Random(seed)  # noqa: S311
unfinished = 0
for _round in range(rounds):
    forget_keyring()
    if not rotating.waiting():
        add_ring_key(ring)
    connections.close_all()
    child = os.fork()
    if not child:
        rotating.rotate(lambda _done: None)
        os._exit(0)
    time.sleep(chance.uniform(0.005, 0.25))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    unfinished += bool(rotating.waiting())
sys.stdout.write(f"{unfinished}\n")
