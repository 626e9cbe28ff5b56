"""Every write of this room. Views, jobs and tests all come here."""
