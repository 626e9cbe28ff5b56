"""What a single point of contact or manager keeps an eye on (ISA-5.1)."""
