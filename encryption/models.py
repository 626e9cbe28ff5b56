"""The keystore's one table, and the ancestor of every model with sealed columns."""

from encryption.keystore import CaseKey
from encryption.sealed_model import SealedModel, raw_values, sealed_digest

__all__ = ["CaseKey", "SealedModel", "raw_values", "sealed_digest"]
