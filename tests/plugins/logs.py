"""What the portal logs, as it would be written to stderr."""

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.conf import settings


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged during a test, as it would be written to stderr."""
    handler = logging.StreamHandler(io.StringIO())
    made = logging.config.DictConfigurator(settings.LOGGING)
    handler.setFormatter(made.configure_formatter(dict(settings.LOGGING["formatters"]["json"])))
    handler.addFilter(made.configure_filter(dict(settings.LOGGING["filters"]["without_words"])))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler.stream
    root.removeHandler(handler)
    root.setLevel(level)
