"""Every change of state of the register and of the people on it, as tables."""
