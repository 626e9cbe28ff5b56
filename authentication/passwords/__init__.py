"""Passwords: which are refused, how they are hashed and reset."""
