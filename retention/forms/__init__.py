"""What is asked for about retention, and when it is not in order."""
