"""The ledger: a Merkle tree over all evidence, which nobody can bend unseen (docs/adr/0063)."""
