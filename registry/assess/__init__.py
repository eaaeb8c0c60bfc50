"""Which of the eight signs of an unowned system are there, and which stage is reached."""
