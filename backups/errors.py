"""What can go wrong with backups; every message says what to do and holds nothing of a record."""


class BackupFault(Exception):
    """A backup, a restore or a drill cannot be done, or is not what it should be."""
