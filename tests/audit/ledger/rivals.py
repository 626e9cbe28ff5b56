"""Run as a process of its own: two sequencers at a time, killed again and again under load.

    python rivals.py KEYFILE ROUNDS SEED

Forked from one parent that has no connection yet, so that a round costs a connection and not a
start of Django.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import django


def main(key: Path, rounds: int, seed: int) -> None:
    """Fork, wait until one has signed and a random moment more, kill; so many times."""
    django.setup()
    chance = random.Random(seed)  # noqa: S311 - moments to kill at, no secrets
    for _round in range(rounds):
        told, tell = os.pipe()
        rivals = [_fork(key, tell) for _each in range(2)]
        os.close(tell)
        os.read(told, 1)
        os.close(told)
        time.sleep(chance.uniform(0, 0.1))
        for rival in rivals:
            os.kill(rival, signal.SIGKILL)
        for rival in rivals:
            os.waitpid(rival, 0)


def _fork(key: Path, tell: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        _sequence_for_ever(key, tell)
    finally:
        os._exit(1)


def _sequence_for_ever(key: Path, tell: int) -> None:
    from audit.ledger.sequencing import sequence
    from audit.ledger.signing import read_signing_key

    signer = read_signing_key(key)
    told = False
    while True:
        done = sequence(signer, batch=5)
        if done and done.placed and not told:
            told = bool(os.write(tell, b"."))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
