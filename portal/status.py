"""Whether the portal's own work is in time: backups, the drill, the ledger, what must go out."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.ledger.backlog import waiting
from audit.selectors import latest_checkpoint, leaves_set_aside
from backups.models import Backup, Drill
from backups.places import are_made_here
from backups.selectors import last_drill, last_drill_that_passed, newest_backups
from encryption.stores import file_store
from outbox.hourly import last_runs
from outbox.models import Message
from outbox.tasks import SWEEP, broker_answers
from portal.running.record import Part, moment_of, read
from portal.templatetags.portal_text import moment
from workflow.scanning import NOBODY, Unchecked, signatures_of

A_NIGHT: Final = timedelta(hours=26)  # each is done every night, and one may take its time
SIGNED_IN: Final = timedelta(minutes=1)
SENT_IN: Final = timedelta(hours=1)
A_TURN: Final = timedelta(minutes=5)  # the clock comes round twice a minute
A_WEEK: Final = timedelta(days=7)
TWO_HOURS: Final = timedelta(hours=2)
LATELY: Final = timedelta(minutes=10)  # what ended by itself within these needs a look
NAMES: Final = {
    "web server": gettext_lazy("Web server"),
    "worker": gettext_lazy("Worker, which sends e-mails and keeps the clock"),
    "sequencer": gettext_lazy("Sequencer of the ledger"),
}


@dataclass(frozen=True)
class Line:
    """One thing that runs by itself: what it is, what there is to say, and whether it is late."""

    name: str
    said: str
    late: bool
    is_process: bool = False

    @property
    def word(self) -> str:
        """How it stands, in a word or two."""
        if self.is_process:
            return _("Needs attention") if self.late else _("Running")
        return _("Late") if self.late else _("In time")


def lines() -> list[Line]:
    """All of them; the number of queries does not grow with the rows."""
    backed_up = [*_backups(), *_drills()] if are_made_here() else []
    parts = [*_parts(), *_redis(), *_scanner(), *_files(), *_clock(), *backed_up, *_set_aside()]
    return [*parts, _ledger(), _checkpoint(), _outbox()]


def _parts() -> Iterator[Line]:
    """The processes, where ``serve`` runs them; elsewhere others look after them."""
    if settings.RUNNING_RECORD:
        for part in read(settings.RUNNING_RECORD):
            yield Line(str(NAMES.get(part.name, part.name)), *_of(part), is_process=True)


def _of(part: Part) -> tuple[str, bool]:
    said = [_up(part)]
    lately = False
    if part.ended_at is not None:
        ended = moment_of(part.ended_at)
        lately = time.monotonic() - part.ended_at < LATELY.total_seconds()
        times = ngettext(
            "It ended by itself once, on %(when)s (%(how)s).",
            "It ended by itself %(count)s times, the last time on %(when)s (%(how)s).",
            part.ends,
        )
        said.append(times % {"count": part.ends, "when": moment(ended), "how": part.how})
    return " ".join(said), part.up_since is None or part.still or lately


def _up(part: Part) -> str:
    if part.up_since is None:
        return _("It is not running, and is being started.")
    if part.still:
        return _("It is stuck: it runs, but does nothing.")
    return _("Running since %(when)s.") % {"when": moment(moment_of(part.up_since))}


def _redis() -> Iterator[Line]:
    """Pages are served without it, so that it is no part of being ready; e-mails wait for it."""
    if not settings.CELERY_BROKER_URL:
        return
    there = broker_answers()
    said = _("It answers.") if there else _("It does not answer. E-mails wait until it does.")
    yield Line(_("Redis"), said, late=not there, is_process=True)


def _scanner() -> Iterator[Line]:
    """Pages are served without it, so that it is no part of being ready; files are refused."""
    if settings.FILE_SCANNER == NOBODY:
        return
    late, said = False, _("It answers.")
    try:
        made = signatures_of()
    except Unchecked:
        late, said = True, _("It does not answer. Files that people add are refused until it does.")
    else:
        if made:
            late = timezone.now() - made > A_WEEK
            said = _("It answers. Its list of what is harmful was made on %(when)s.") % {
                "when": moment(made)
            }
    yield Line(_("Scanner of files"), said, late=late, is_process=True)


def _files() -> Iterator[Line]:
    """Pages are served without it, so that it is no part of being ready; files are not."""
    if not settings.FILES_BUCKET:
        return
    there = file_store().answers()
    said = _("It answers.")
    if not there:
        said = _("It does not answer. Nobody can add or open a file until it does.")
    yield Line(_("Storage of files"), said, late=not there, is_process=True)


def _clock() -> Iterator[Line]:
    """Whether clock, broker and worker go round, and whether what is due each hour is done."""
    if not settings.CELERY_BROKER_URL:
        return
    runs, now = last_runs(), timezone.now()
    swept = runs.get(SWEEP)
    said = _ago(swept) if swept else _("It has not run yet.")
    yield Line(_("Clock: when it last ran"), said, late=swept is None or now - swept > A_TURN)
    undone = [
        name
        for name, task in settings.HOURLY.items()
        if task not in runs or now - runs[task] > TWO_HOURS
    ]
    said = _("All of it was done within the last two hours.")
    if undone:
        said = _("Not done within the last two hours: %s.") % ", ".join(undone)
    yield Line(_("Work of each hour"), said, late=bool(undone))


def _backups() -> Iterator[Line]:
    made = newest_backups()
    for kind in Backup.Kind:
        row = made.get(kind.value)
        name = _("Last backup: %(kind)s") % {"kind": kind.label.lower()}
        yield _nightly(name, row.at if row else None)


def _drills() -> Iterator[Line]:
    good, last = last_drill_that_passed(), last_drill()
    line = _nightly(_("Last restore drill that passed"), good.at if good else None)
    if good and good.made_at:
        # One that passes with what was made long ago says nothing of what is made now.
        old = good.at - good.made_at > A_NIGHT
        line = Line(line.name, f"{line.said} {_restored(good.made_at)}", late=line.late or old)
    if last is not None and not last.passed:
        yield Line(line.name, f"{line.said} {_failed(last)}", late=True)
    else:
        yield line


def _restored(at: datetime) -> str:
    return _("It restored the backup made on %(when)s, %(age)s ago.") % {
        "when": moment(at),
        "age": timesince(at),
    }


def _failed(last: Drill) -> str:
    return _("The last drill, on %(when)s, failed at %(step)s.") % {
        "when": moment(last.at),
        "step": last.get_failed_at_display(),
    }


def _nightly(name: str, at: datetime | None) -> Line:
    if at is None:
        return Line(name, _("There is none yet."), late=True)
    return Line(name, _ago(at), late=timezone.now() - at > A_NIGHT)


def _ledger() -> Line:
    count, oldest = waiting()
    name = _("Records that wait to be signed into the ledger")
    return _queue(name, count, oldest, SIGNED_IN)


def _set_aside() -> Iterator[Line]:
    """Only where there are some: somebody else has written to the database."""
    if count := leaves_set_aside().count():
        said = ngettext(
            "%(count)s entry is not a record of this service and was set aside. Find out "
            "who else writes to the database.",
            "%(count)s entries are not records of this service and were set aside. Find out "
            "who else writes to the database.",
            count,
        )
        yield Line(_("Ledger"), said % {"count": f"{count:,}"}, late=True, is_process=True)


def _checkpoint() -> Line:
    name, newest = _("Last checkpoint of the ledger"), latest_checkpoint()
    if newest is None:
        return Line(name, _("Nothing is signed yet."), late=False)
    said = ngettext("%(count)s record is signed.", "%(count)s records are signed.", newest.size)
    # Nothing is signed while nothing is recorded: what is late shows in the line above.
    return Line(name, f"{_ago(newest.at)} {said % {'count': f'{newest.size:,}'}}", late=False)


def unsent() -> tuple[int, datetime | None]:
    """How many e-mails wait to be sent, and since when the oldest of them does."""
    found = Message.objects.filter(done_at=None).aggregate(n=Count("pk"), oldest=Min("posted_at"))
    return found["n"], found["oldest"]


def _outbox() -> Line:
    return _queue(_("E-mails that wait to be sent"), *unsent(), SENT_IN)


def _queue(name: str, count: int, oldest: Any, patience: timedelta) -> Line:
    if not count:
        return Line(name, _("None."), late=False)
    late = oldest is None or timezone.now() - oldest > patience
    said = _("%(count)s.") % {"count": f"{count:,}"}
    if oldest is not None:
        said = _("%(count)s, the oldest for %(age)s.") % {
            "count": f"{count:,}",
            "age": timesince(oldest),
        }
    return Line(name, said, late=late)


def _ago(at: datetime) -> str:
    return _("%(when)s, %(age)s ago.") % {"when": moment(at), "age": timesince(at)}
