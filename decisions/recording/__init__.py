"""Checking a decision and recording it, after which it never changes."""
