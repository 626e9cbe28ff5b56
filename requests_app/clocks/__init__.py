"""Response times: worked out, kept, explained (P-TIMELY)."""
