"""Models with sealed columns, for the tests only; their tables are made by a fixture."""
