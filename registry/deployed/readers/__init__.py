"""Readers of what is deployed: one module a format, each with its `READER`."""
