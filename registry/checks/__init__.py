"""The check of a registry: the rules, the engine that runs them, what silences findings."""
