"""Everything that changes something of the register or of the people on it."""
