"""What one person viewed between two times (ISA-7.2)."""
