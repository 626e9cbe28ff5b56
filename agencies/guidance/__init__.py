"""The guidance on confidentiality and consent: written, read, acknowledged (ISA-7.6)."""
