"""What people do about signing in that changes a row."""
