"""Receipts of recorded decisions, from the ledger."""
