"""Retention and disposal."""
