"""Logs as JSON lines on stderr, from which nothing that a person typed can be read.

Exception texts, local variables, query strings and bodies may hold what describes a child.
So a fault is logged as its type and the places in the code that it passed, never its words.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from workflow.addresses import address_of

# Never logged, whoever passes them.
DROPPED = frozenset({"body", "POST", "GET", "FILES", "data", "cookies", "headers", "user_agent"})


def without_bodies(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop what could carry a request's content."""
    for name in DROPPED & event.keys():
        del event[name]
    return event


def without_words(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by its type and the places it passed."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if given:
        event["fault"] = _chain(_error(given))
    return event


def _error(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        error: BaseException | None = given[1]
        return error
    return sys.exc_info()[1]


def _chain(error: BaseException | None) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = []
    while error is not None and len(links) < 5:  # noqa: PLR2004 - a longer chain says no more
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        links.append({"type": type(error).__qualname__, "passed": places})
        error = error.__cause__ or error.__context__
    return links


class WithoutWords(logging.Filter):
    """Cut what Django and Celery write after the colon: paths, header values, exception texts."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, some of them shortened."""
        if record.name.startswith("django."):
            record.msg = str(record.msg).partition(":")[0].replace("%s", "…")
            record.args = ()
        elif record.name.startswith("celery.app.trace") and hasattr(record, "data"):
            facts = record.data
            record.msg = "Task %s %s"
            record.args = (str(facts.get("name")), str(facts.get("id")))
        return True


class RequestLogMiddleware(RequestMiddleware):
    """One line a request, with the address's pattern in place of the address."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """The address that our own proxies saw: the first in the header is anybody's to write."""
        structlog.contextvars.bind_contextvars(ip=address_of(request))

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """The method, the pattern and the row's id; a reset link's secret stays out."""
        match = request.resolver_match
        if match is None:
            return f"{request.method} (no page)"
        ids = [str(value) for value in match.kwargs.values() if isinstance(value, UUID | int)]
        return " ".join([str(request.method), "/" + match.route, *ids])


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_bodies,
    without_words,
]


def logging_config(level: str = "INFO") -> dict[str, Any]:
    """Configure structlog, and give the dictionary for the standard library's logging."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_words": {"()": "portal.logs.WithoutWords"}},
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["without_words"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request log says it already, with more.
            "django.request": {"level": "ERROR"},
            "django.db.backends": {"level": "WARNING"},
            "kombu": {"level": "ERROR"},
            # These would write down whole requests where everything is asked for.
            "boto3": {"level": "WARNING"},
            "botocore": {"level": "WARNING"},
            "urllib3": {"level": "ERROR"},
        },
    }
