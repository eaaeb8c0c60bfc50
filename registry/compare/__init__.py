"""Two registries, held against each other: what a change does."""
