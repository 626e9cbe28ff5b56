"""Every read of many rows, with all that its rows need, so that a page costs the same for one row as for many."""
