"""Run by a test: gives a case new keys in child processes and kills each at a random moment."""

import random
import sys
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402

from encryption.verifying import open_everything  # noqa: E402
from tests.encryption.killing import killed_after  # noqa: E402
from tests.encryption.whole_case import live_generations  # noqa: E402
from workflow import rekey  # noqa: E402

case_id, rounds, seed = UUID(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
settings.KEYRING_FILE, settings.FILES_DIR = sys.argv[4], sys.argv[5]
rekey.BATCH = 3  # type: ignore[misc]
chance = random.Random(seed)  # noqa: S311
STEPS = 30  # about as many as a whole one takes
unfinished = 0
for _round in range(rounds):
    steps, pause = chance.randrange(STEPS), chance.uniform(0, 0.05)
    killed_after(steps, pause, lambda step: rekey.reencrypt(case_id, step))
    unfinished += len(live_generations(case_id)) > 1
    broken = open_everything(lambda _done: None).where
    if broken:
        sys.exit(f"does not open: {broken}")
sys.stdout.write(f"{unfinished}\n")
