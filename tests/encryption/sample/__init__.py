"""A small app of models with sealed columns, for the tests only. It has no migrations."""
