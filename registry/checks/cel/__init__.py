"""CEL, the Common Expression Language, over a loaded registry: bounded by a count of steps."""
