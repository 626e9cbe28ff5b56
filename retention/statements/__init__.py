"""What receiving agencies say of their own copies (ISA-8.1)."""
