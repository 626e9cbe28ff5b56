"""A deployment check: backups and drills go to the databases as roles of their own."""

from collections.abc import Sequence
from typing import Any

import environ
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Tags, register

from backups.servers import BACKS_UP, DRILLS

ADDRESSES = ("BACKUP_DATABASE_URL", "BACKUP_KEYSTORE_DATABASE_URL")


@register(Tags.security, deploy=True)
def copies_go_as_their_roles(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Where an address of backups is another's, as the owner's was before there were roles."""
    problems: list[CheckMessage] = []
    for name in ADDRESSES:
        url = getattr(settings, name)
        user = environ.Env.db_url_config(url)["USER"] if url else ""
        if user and user not in (BACKS_UP, DRILLS):
            problems.append(
                CheckMessage(
                    WARNING,
                    f"{name} goes to the database as {user}, who may do more than copy it.",
                    hint=f"Name {BACKS_UP} in it where backups are made, and {DRILLS} where they "
                    "are drilled (docs/backup.md).",
                    id="backups.W001",
                )
            )
    return problems
