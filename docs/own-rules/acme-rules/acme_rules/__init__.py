"""What Acme asks of its operating model, beside what opmodel asks."""
