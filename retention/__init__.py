"""How long records are kept, what holds them, and how they are disposed of (ISA-8)."""
