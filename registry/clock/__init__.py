"""Civil time, instants, time zones, and the words for them."""
