"""The register as a file: exported, checked line by line, imported."""
