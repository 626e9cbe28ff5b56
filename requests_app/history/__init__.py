"""The versions of a request and of all that belongs to it (P-RECORD)."""
