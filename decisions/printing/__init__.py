"""Printed records (ISA-6.1)."""
