"""What can go wrong with keys and sealed values.

Every message says what to do about it, and none of them ever holds a plain value or key bytes:
messages end up in logs and error pages.
"""


class EncryptionFault(Exception):
    """The common ancestor, for whoever wants to answer all of them in one place."""


class SealBroken(EncryptionFault):
    """Sealed bytes do not open: they were damaged, moved, put back or made under another key."""


class KeyMissing(EncryptionFault):
    """The keystore has no key for this case (or not of this generation)."""


class KeyReplaced(KeyMissing):
    """A newer key of the case took the place of this one, which is gone; the case lives."""


class KeyDestroyed(EncryptionFault):
    """The key of this case was destroyed on purpose; what it sealed can never be read again."""


class StaleRow(EncryptionFault):
    """Somebody else saved the row in the meantime; nothing was written."""


class KeyringFault(EncryptionFault):
    """The key ring is missing, damaged, readable by others, or not the one the keystore needs."""


class FileTaken(EncryptionFault):
    """There is already another file with this id; it was left as it is."""


class StoreFault(EncryptionFault):
    """The bucket for sealed files is not what it must be, or refuses us."""


class RegisterFault(EncryptionFault):
    """The register of disposals is missing, damaged, or cannot be written to."""


class DisposalsNotReplayed(EncryptionFault):
    """A case that was disposed of can be opened again, since a backup brought its key back."""
