"""An invented company's registry, at any size: the same seed gives the same bytes."""
