"""One form of an assessment a file."""
