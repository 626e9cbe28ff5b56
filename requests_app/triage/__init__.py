"""The front door's inbox, and one request there (ISA-3.8)."""
