"""One file format for tables a file."""
