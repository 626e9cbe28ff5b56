"""The forms by which the register and the people on it are kept."""
