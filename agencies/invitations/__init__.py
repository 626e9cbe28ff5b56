"""Asking people in by a link that works once (ISA-7.1)."""
