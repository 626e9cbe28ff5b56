"""How long each agency keeps each class of record (ISA-8.2)."""
