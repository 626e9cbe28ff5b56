"""The quarterly review of who has access at an agency."""
