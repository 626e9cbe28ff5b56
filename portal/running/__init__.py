"""What keeps the embedded default running: a folder that is locked, a parent and its children."""
