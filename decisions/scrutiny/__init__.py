"""Scrutiny of decisions not to share, by the partners that did not make them (ISA-5.4)."""
