"""The lowest floor: keys, sealed columns and files, match tokens. Imports nothing of ours."""
