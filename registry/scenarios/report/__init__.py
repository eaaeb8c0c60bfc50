"""What scenarios found, for people and for programs."""
