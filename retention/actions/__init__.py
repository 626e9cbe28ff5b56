"""What can be done about retention; each act is one or more moves of ``moves.py``."""
