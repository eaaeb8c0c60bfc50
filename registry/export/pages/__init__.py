"""One publication a file: documents that people read, made from a registry."""
