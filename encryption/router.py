"""Keeps case keys in a database of their own, so that their backups can expire sooner."""

from typing import Any, Final

from django.db import models

KEYSTORE: Final = "keystore"
APP: Final = "encryption"


class KeystoreRouter:
    """This app's tables live in ``keystore``, and nothing else does."""

    def _home(self, model: type[models.Model]) -> str | None:
        return KEYSTORE if model._meta.app_label == APP else None

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        return self._home(model)

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        return self._home(model)

    def allow_relation(self, obj1: models.Model, obj2: models.Model, **hints: Any) -> None:
        return None

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if (db == KEYSTORE) != (app_label == APP):
            return False
        # True for our own; no opinion on the rest, which other routers may still have.
        return True if app_label == APP else None
