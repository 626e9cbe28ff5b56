"""Seeking advice when unsure (F-ADVICE)."""
