"""Holds, which beat all of a disposal."""
