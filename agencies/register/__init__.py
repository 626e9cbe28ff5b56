"""The register of agencies: listed, changed, suspended, gone (A-REGISTER)."""
