"""Whom to call at a partner agency, and when (ISA-4.3-SPOC)."""
