"""The people whom a request is about."""
