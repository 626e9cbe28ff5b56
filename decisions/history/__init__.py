"""The versions of a decision (P-RECORD)."""
