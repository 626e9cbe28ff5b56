"""Resets of second factors by two people (ADR 52)."""
