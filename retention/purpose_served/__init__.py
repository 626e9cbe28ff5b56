"""The requester says that the purpose of a request is served (ISA-8.1)."""
