"""Every read of the agreement that a page, a letter or another room makes."""
