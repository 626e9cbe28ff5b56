"""Guessing is slow, and slows nobody else down (ADR 55)."""
