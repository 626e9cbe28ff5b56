"""The second wall: roles, grants and row-level security of PostgreSQL (docs/adr/0058, 0059)."""
