"""A state that a walk reached and committed, put back for each test that begins from it.

What walks keep for themselves (``tests.plugins.checkpoints``) is for tests that are rolled back.
A test that commits is given the same here: the rows of both databases, and the sealed files.
"""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from tests.cast import Cast
from tests.plugins.checkpoints import Checkpoint
from tests.plugins.rows import Empty, Rows

YOUNG = timedelta(minutes=20)  # an opening lasts an hour


class KeptState:
    """Where a walk led from the cast alone: walked once, and put back while it is young."""

    def __init__(self, walk: Callable[[Cast], Model], empty: Empty, folder: Path) -> None:
        self.walk, self.empty, self.folder = walk, empty, folder
        self.walked_at: datetime | None = None
        self.people: set[Any] = set()
        self.rows = Rows()
        self.led_to: tuple[type[Model], Any] | None = None

    def reach(self, cast: Cast) -> Any:
        """What the walk gave back, with all that it left; nothing but the cast may be there."""
        people = {user.pk for user in cast.users.values()}
        if self.led_to is None or people != self.people or not self._is_young():
            self._walk(cast, people)
        else:
            kept = Checkpoint.of_now()
            kept.whole = self.rows.copies
            kept.put_back()
            shutil.copytree(self.folder, settings.FILES_DIR, dirs_exist_ok=True)
        assert self.led_to is not None
        model, pk = self.led_to
        return model._base_manager.get(pk=pk)

    def _is_young(self) -> bool:
        if time_machine.escape_hatch.is_travelling() or self.walked_at is None:
            return False
        return timezone.now() - self.walked_at < YOUNG

    def _walk(self, cast: Cast, people: set[Any]) -> None:
        reached = self.walk(cast)
        self.led_to, self.people = (type(reached), reached.pk), people
        self.walked_at, self.rows = timezone.now(), Rows.of_now(apart_from=self.empty.rows)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        if Path(settings.FILES_DIR).is_dir():
            shutil.copytree(settings.FILES_DIR, self.folder, dirs_exist_ok=True)
