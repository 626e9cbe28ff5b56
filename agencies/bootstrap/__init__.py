"""How a new installation gets its first agencies and people."""
