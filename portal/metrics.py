"""What an operator's Prometheus reads: whether the portal's own work is in time, in numbers.

The same facts as the status page and readiness, for a machine that wakes somebody up. It names no
person, agency or record, and is asked behind the second wall by nobody in particular: what only
somebody's sight would show, such as requests that are late, is not here (docs/adr/0102).
"""

import platform
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import django
import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from audit.ledger.backlog import waiting
from audit.selectors import latest_checkpoint, leaves_set_aside
from backups.models import Backup
from backups.places import are_made_here
from backups.selectors import last_drill, last_drill_that_passed, newest_backups
from encryption.stores import file_store
from outbox.hourly import last_runs
from outbox.tasks import broker_answers
from portal.readiness import READINESS
from portal.status import unsent

logger = structlog.get_logger(__name__)

NOT_LONG: Final = "SET LOCAL statement_timeout = 2000; SET LOCAL lock_timeout = 500"
LONGEST: Final = 5.0  # seconds, after which no further part is asked: who scrapes gives up at ten
VERSION: Final = str(
    tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever has the token; where none is set there is no such address."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    ):
        answer = HttpResponse("METRICS_TOKEN is asked for\n", content_type="text/plain", status=401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    registry = CollectorRegistry()
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Figures(Collector):
    """All parts, each asked by itself: a fault in one takes no other's figures away."""

    def describe(self) -> list[Metric]:
        """Nothing before it is asked for."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures of every part that answers, and which do not."""
        up, until = READINESS.parts(), time.monotonic() + LONGEST
        if settings.CELERY_BROKER_URL:
            up["redis"] = broker_answers()
        for name, figures in PARTS.items():
            found: list[Metric] | None = None
            if up["database"] and time.monotonic() < until:
                found = _asked(name, figures)
            up[name] = found is not None
            yield from found or []
        if settings.FILES_BUCKET:  # last: one that stands still takes seconds
            up["files"] = file_store().answers()
        part = GaugeMetricFamily(
            "portal_part_up", "Whether this part of the portal answers.", labels=["part"]
        )
        for name, answers in sorted(up.items()):
            part.add_metric([name], answers)
        yield part
        build = GaugeMetricFamily(
            "portal_build_info", "What is running.", labels=["version", "python", "django"]
        )
        build.add_metric([VERSION, platform.python_version(), django.get_version()], 1)
        yield build


def _asked(name: str, figures: Callable[[], Iterator[Metric]]) -> list[Metric] | None:
    """The figures of one part; None where it does not answer soon."""
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(NOT_LONG)
            return list(figures())
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with it, the others are told
        logger.warning("metrics_part_failed", part=name, kind=type(fault).__name__)
        return None


def _emails() -> Iterator[Metric]:
    count, oldest = unsent()
    yield _one("portal_letters_waiting", "E-mails that wait to be sent.", count)
    yield _one("portal_letters_oldest_age_seconds", "Age of the oldest of them.", _age(oldest))


def _clock() -> Iterator[Metric]:
    if not settings.CELERY_BROKER_URL:
        return  # one process does it all, and notes nothing
    runs = last_runs()
    ran = GaugeMetricFamily(
        "portal_task_last_run_timestamp_seconds",
        "When each task of the clock last ran to its end; 0 before the first time.",
        labels=["task"],
    )
    for each in settings.CELERY_BEAT_SCHEDULE.values():
        task = str(each["task"])
        ran.add_metric([task], _at(runs.get(task)))
    yield ran


def _backups() -> Iterator[Metric]:
    if not are_made_here():
        return  # made by something else
    made = newest_backups()
    at = GaugeMetricFamily(
        "portal_backup_last_timestamp_seconds",
        "When the newest backup of each kind was made; 0 without any.",
        labels=["kind"],
    )
    size = GaugeMetricFamily("portal_backup_last_size_bytes", "Its size.", labels=["kind"])
    for kind in Backup.Kind.values:
        row = made.get(kind)
        at.add_metric([kind], _at(row.at if row else None))
        size.add_metric([kind], row.size if row else 0)
    yield from (at, size)
    last, good = last_drill(), last_drill_that_passed()
    yield _one(
        "portal_drill_last_passed", "Whether the last drill passed.", bool(last and last.passed)
    )
    yield _one(
        "portal_drill_last_passed_timestamp_seconds",
        "When a drill last passed; 0 before the first.",
        _at(good.at if good else None),
    )
    yield _one(
        "portal_drill_backup_timestamp_seconds",
        "When the backup was made that this drill restored.",
        _at(good.made_at if good else None),
    )


def _ledger() -> Iterator[Metric]:
    count, oldest = waiting()
    newest = latest_checkpoint()
    yield _one("portal_ledger_waiting", "Records that wait to be signed.", count)
    yield _one("portal_ledger_oldest_age_seconds", "Age of the oldest of them.", _age(oldest))
    yield _one("portal_ledger_signed", "Records that are signed.", newest.size if newest else 0)
    yield _one(
        "portal_ledger_checkpoint_timestamp_seconds",
        "When the last checkpoint was signed; 0 before the first.",
        _at(newest.at if newest else None),
    )
    yield _one(
        "portal_ledger_set_aside",
        "Leaves that are no record: somebody else wrote to the database.",
        leaves_set_aside().count(),
    )


PARTS: dict[str, Callable[[], Iterator[Metric]]] = {
    "letters": _emails,
    "clock": _clock,
    "backups": _backups,
    "ledger": _ledger,
}


def _one(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)


def _at(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0


def _age(oldest: datetime | None) -> float:
    """In seconds; none where nothing waits, or where no time can be read."""
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0
