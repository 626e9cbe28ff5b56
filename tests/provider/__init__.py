"""A real provider of single sign-on, to test against: a project and a process of its own."""
