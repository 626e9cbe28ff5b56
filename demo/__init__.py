"""What only the demonstration has: invented people, and mail that stays on this machine."""
