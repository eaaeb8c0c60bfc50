"""Engines, one a module: what answers the questions about a record."""
