"""Writes down that a set was made; ``drilling`` notes how drills went."""

from backups.manifest import Manifest
from backups.models import Backup


def note_backup(said: Manifest) -> Backup:
    """One set was made."""
    return Backup.objects.create(kind=said.kind, name=said.name, at=said.when, size=said.size)
