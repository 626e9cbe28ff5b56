"""One's own sessions and devices."""
