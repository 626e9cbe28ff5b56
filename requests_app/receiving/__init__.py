"""What agencies answered: accepted or refused piece by piece (ISA-3.7)."""
