"""Recorded traces, held against the policy: what is in them, what they cost, how good it was."""
