"""The partnership's own row: its names, response times, partners and front door."""
