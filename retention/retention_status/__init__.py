"""How long one record is kept, for those who have a part in it."""
