"""Roles and domains that wait for a second person (ADR 93)."""
