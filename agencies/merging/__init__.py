"""How an entry of the register ends: the agency leaves, or was listed twice."""
