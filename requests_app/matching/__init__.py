"""Other requests that may be about the same people."""
