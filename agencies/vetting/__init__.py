"""The organisational checks made on a person (ISA-7.1)."""
