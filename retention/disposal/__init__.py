"""Which records are due, the lists of them, and their destruction (ISA-8.1)."""
