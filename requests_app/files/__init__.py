"""The files that go with a request."""
