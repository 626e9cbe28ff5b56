"""Two rival sequencers, killed again and again while eight people write: no gap and no double."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from audit.ledger.sequencing import sequence
from audit.ledger.signing import create_signing_key
from audit.ledger.verifying import verify
from audit.models import Event, Leaf, SignedCheckpoint
from audit.record import record
from tests.patience import PATIENCE, length

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, ROUNDS = 8, length(12, long=50)


def test_rivals_killed_under_load_leave_no_gap_and_no_double(cast, tmp_path):
    key = tmp_path / "key"
    signer = create_signing_key(key, "tests.invalid/ledger")
    stop, written = threading.Event(), []

    def write(thing: object) -> None:
        while not stop.is_set():
            with transaction.atomic():
                record("x.y", thing, person="p", agency="a", before="", after="", digest="")
            written.append(1)
            # As people do: a thread that never rests takes the processor from the rivals.
            stop.wait(0.02)
        connections.close_all()

    writers = [
        threading.Thread(target=write, args=(cast.requester.agency,)) for _each in range(WRITERS)
    ]
    before = Event.objects.count()
    for writer in writers:
        writer.start()
    try:
        _rivals(key)
    finally:
        stop.set()
        for writer in writers:
            writer.join(PATIENCE)
    in_between = SignedCheckpoint.objects.count()
    while (done := sequence(signer)) is None or done.placed:
        pass
    assert in_between >= ROUNDS, "the rivals did sign between being killed"
    assert len(written) > ROUNDS, "and the writers wrote meanwhile"
    places = list(Leaf.objects.order_by("leaf_index").values_list("leaf_index", flat=True))
    assert places == list(range(len(places)))
    assert len(places) >= before + len(written) == Event.objects.count()
    assert verify().wrong == []


def _rivals(key: Path) -> None:
    where = connection.settings_dict
    # As in production: this role can place leaves and sign, and nothing else.
    url = f"postgres://portal_ledger@{where['HOST']}:{where['PORT']}/{where['NAME']}"
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("rivals.py")), str(key), str(ROUNDS), "7"],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(settings.BASE_DIR)},
        check=True,
        timeout=PATIENCE,
    )
