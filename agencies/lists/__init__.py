"""Every read of the register that a page or a letter makes."""
