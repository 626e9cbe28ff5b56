"""The agreement: editions, who agreed them, who signed."""
