"""Agencies sign the edition in force, and so take part (ISA-2.1)."""
