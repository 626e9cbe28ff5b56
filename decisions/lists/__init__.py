"""Every read of many rows, with all that its rows need.

A page costs the same number of queries for one row as for many.
"""
