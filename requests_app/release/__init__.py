"""What goes out to named people (P-RELEVANT, ISA-6.1)."""
