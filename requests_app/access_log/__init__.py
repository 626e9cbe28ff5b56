"""Who has viewed a record (ISA-7.2)."""
