"""The yearly review of the edition in force (ISA-5.2)."""
