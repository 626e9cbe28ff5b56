"""Single sign-on through other providers."""
