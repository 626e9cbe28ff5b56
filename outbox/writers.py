"""Who writes which letter, among the apps that settings name."""

from importlib import import_module

from django.conf import settings

from outbox.notifications import Writer


def writer_of(topic: str) -> Writer:
    """Who writes the e-mails of this topic, among the apps that settings name."""
    for app in settings.OUTBOX_NOTIFICATIONS:
        if writer := import_module(app).NOTIFICATIONS.get(topic):
            found: Writer = writer
            return found
    raise LookupError(f"nobody writes letters about {topic}")
