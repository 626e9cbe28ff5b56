"""What is measured by ``make bench``: ratios within one run, never absolute times."""
