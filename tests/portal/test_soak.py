"""The portal under people's hands while its processes are killed: nothing ends, nothing is lost.

Short by default. With LONG=1 the same test lasts half an hour (``make test LONG=1``).
"""

import os
import random
import resource
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from itertools import count
from pathlib import Path
from threading import Lock
from uuid import UUID, uuid4

import pytest

from demo.people import PASS_PHRASE
from tests.patience import PATIENCE, length
from tests.portal.embedded import UP, Portal, Visitor, copied, nothing_waits, rows, run

pytestmark = pytest.mark.embedded

POSTS = length(40, long=20_000)
KILLS = length(1, long=20)  # of each child
LASTS = length(0, long=30 * 60)  # seconds, at the least
BETWEEN = LASTS / (3 * KILLS + 1)  # seconds from one kill to the next
FULL = 3  # seconds that the disk stays full
HANDS = 4  # people at work at once
CHILDREN = {"gunicorn": "web server", "work": "worker", "sequence": "sequencer"}
WHO = "adam@business-office.example"  # may ask anybody in anywhere
DOMAINS = {
    "Anytown College": "college.example",
    "Anytown Fire and Rescue": "fire.example",
    "Anytown Careers": "careers.example",
    "Anytown Drama Club": "drama-club.example",
}


@dataclass
class Work:
    """What is to be posted, and what was acknowledged."""

    portal: Portal
    agencies: dict[str, str]
    number: "count[int]" = field(default_factory=count)
    acknowledged: set[str] = field(default_factory=set)
    unanswered: int = 0
    lock: Lock = field(default_factory=Lock)
    over: bool = False

    def go_on(self, hand: int) -> None:
        """One person's posts, each sent again until it is acknowledged."""
        visitor = None
        while not self.over:
            with self.lock:
                number = next(self.number)
            idempotency_key = str(uuid4())
            name = list(DOMAINS)[number % len(DOMAINS)]
            address = f"soak{number}@{DOMAINS[name]}"
            while idempotency_key not in self.acknowledged and not (self.over and visitor is None):
                try:
                    visitor = visitor or Visitor(self.portal).sign_in(WHO, PASS_PHRASE)
                    answer = visitor.open(
                        f"/people/agencies/{self.agencies[name]}/invite/",
                        {
                            "idempotency_key": idempotency_key,
                            "address": address,
                            "roles": "requester",
                        },
                    )
                except (OSError, AssertionError):
                    answer, visitor = (0, "", ""), None
                if answer[0] == 302 and answer[1].startswith("/people/agencies/"):
                    with self.lock:
                        self.acknowledged.add(idempotency_key)
                    continue
                if answer[0] == 302:
                    visitor = None  # who one is has to be proved again after a while
                elif answer[0] == 200:
                    raise AssertionError(f"refused: {answer[2]}")
                with self.lock:
                    self.unanswered += 1
                time.sleep(0.2)


def kill(portal: Portal, which: str) -> None:
    """Kill one child, or all of its group, at any moment, and wait until it is up again."""
    name = CHILDREN[which]
    said = f"The {name} is up again."
    before = portal.said().count(said)
    portal.wait_until(lambda: portal.child(which), f"there is no {name}")
    victim = portal.child(which)
    if random.random() < 0.5:  # noqa: S311 - whichever
        os.killpg(victim, signal.SIGKILL)
    else:
        os.kill(victim, signal.SIGKILL)
    portal.wait_until(lambda: portal.said().count(said) > before, f"the {name} stays away")


def fill_the_disk(portal: Portal, full: bool) -> None:
    """No file of these processes may grow (or, afterwards, may again): as on a full disk."""
    limit = (0 if full else resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    # The parent first, whose limit those inherit that it starts meanwhile.
    resource.prlimit(portal.process.pid, resource.RLIMIT_FSIZE, limit)
    for pid in portal.family():
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def agencies(portal: Portal) -> dict[str, str]:
    found = rows(portal, "SELECT name, id FROM agencies_agency")
    return {str(name): str(UUID(str(pk))) for name, pk in found}


def emails(folder: Path) -> list[int]:
    """The numbers of the messages that were sent as files, from their Message-IDs."""
    found = []
    for path in folder.glob("*.eml"):
        name = message_from_bytes(path.read_bytes())["Message-ID"]
        if name.startswith("<message-"):
            found.append(int(name.removeprefix("<message-").partition("@")[0]))
    return found


def test_people_work_while_each_process_is_killed_and_the_disk_is_full(prepared, tmp_path):
    portal = Portal(copied(prepared, tmp_path / "var"))
    try:
        portal.wait_for(UP)
        parent = portal.process.pid
        work = Work(portal, agencies(portal))
        begun = time.monotonic()
        with ThreadPoolExecutor(HANDS) as hands:
            at_work = [hands.submit(work.go_on, hand) for hand in range(HANDS)]
            try:
                disturb(portal, work, begun)
                most = PATIENCE + POSTS + LASTS
                while len(work.acknowledged) < POSTS or time.monotonic() - begun < LASTS:
                    broken = [each for each in at_work if each.done()]
                    assert not broken, (broken[0].exception(), portal.told())
                    assert time.monotonic() - begun < most, (len(work.acknowledged), portal.told())
                    time.sleep(0.1)
            finally:
                work.over = True
        for each in at_work:
            each.result()
        assert portal.process.pid == parent
        assert portal.process.poll() is None, portal.told()
        nothing_is_lost(portal, work)
        print(  # noqa: T201 - shown with -s, and where it fails
            f"\n{len(work.acknowledged)} posts in {time.monotonic() - begun:.0f} s, "
            f"{work.unanswered} sent again, {3 * KILLS} kills"
        )
    finally:
        assert portal.stop() == 0, portal.told()


def disturb(portal: Portal, work: Work, begun: float) -> None:
    """Kill each child so often, in turn, and fill the disk once in the middle."""
    victims = [which for _ in range(KILLS) for which in CHILDREN]
    for number, which in enumerate(victims):
        before = len(work.acknowledged)
        portal.wait_until(
            lambda number=number, before=before: (
                time.monotonic() - begun >= number * BETWEEN and len(work.acknowledged) > before
            ),
            "nobody gets anything done",
        )
        if number == len(victims) // 2:
            full_for_a_while(portal, work)
        kill(portal, which)


def full_for_a_while(portal: Portal, work: Work) -> None:
    """While it is full nothing is acknowledged for good; then everything goes on."""
    fill_the_disk(portal, full=True)
    refused = work.unanswered
    portal.wait_until(lambda: work.unanswered > refused, "a full disk troubles nobody")
    time.sleep(FULL)  # the loops meet it too
    fill_the_disk(portal, full=False)
    before = len(work.acknowledged)
    portal.wait_until(lambda: len(work.acknowledged) > before, "it does not go on")


def nothing_is_lost(portal: Portal, work: Work) -> None:
    portal.wait_until(lambda: nothing_waits(portal), "letters or leaves wait")
    kept = {str(UUID(str(pk))) for (pk,) in rows(portal, "SELECT id FROM agencies_invitation")}
    assert work.acknowledged <= kept, "an acknowledged post is lost"
    parts = rows(portal, "SELECT id, topic, about FROM outbox_message WHERE \"to\" <> ''")
    told = [about for _, topic, about in parts if topic == "invitation.sent"]
    assert len(told) == len(set(told))
    assert work.acknowledged <= set(told), "nobody was told"
    sent = emails(portal.var / "mail")
    assert len(sent) == len(set(sent)), "a letter is there twice"
    assert set(sent) == {pk for pk, _, _ in parts}, "letters and promises differ"
    done = run(portal, "ledger", "verify-live")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All is as it was recorded." in done.stdout
    ends = portal.said().count("ended by itself")
    assert ends >= 3 * KILLS, portal.told()
