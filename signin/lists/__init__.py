"""What pages and letters about signing in read."""
