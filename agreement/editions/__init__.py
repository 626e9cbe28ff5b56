"""Editions of the agreement: drafted, compared, agreed by the partners (ISA-5.3)."""
