"""A case read by somebody without a part in it, for a reason (ISA-7.2)."""
