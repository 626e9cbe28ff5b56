"""Finding a child, or somebody else in a request, by what a caller says."""
