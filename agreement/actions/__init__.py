"""Everything that changes something of the agreement."""
