"""Forms about signing in, beside those of the sign-in library."""
