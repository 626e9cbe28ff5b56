"""What every test may use; each plugin says what it is for."""

pytest_plugins = [
    "tests.plugins.databases",
    "tests.plugins.people",
    "tests.plugins.mail",
    "tests.plugins.worker",
    "tests.plugins.browsers",
    "tests.plugins.flat",
    "tests.plugins.clauses",
    "tests.plugins.provider",
]
