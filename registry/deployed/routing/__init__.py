"""Where a deployed alert goes: matchers, routing trees, time intervals and inhibitions."""
