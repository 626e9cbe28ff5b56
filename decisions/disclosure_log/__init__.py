"""What an agency shared, with whom and why; and what not (ISA-4.3-RECORD)."""
