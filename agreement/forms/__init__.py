"""What people are asked about the agreement."""
