"""Every write of this room. Views, jobs, other rooms and tests all come here."""
