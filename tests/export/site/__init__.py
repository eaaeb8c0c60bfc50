"""The page for everybody: its text, its data, and what a browser makes of it."""
