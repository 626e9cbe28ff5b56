"""Opening a case without a part in it, for a reason (ISA-7.2)."""
