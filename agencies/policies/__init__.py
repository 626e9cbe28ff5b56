"""Who reaches which rows of the register and of the people on it."""
