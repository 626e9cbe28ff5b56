"""Second factors: set up, used, changed."""
