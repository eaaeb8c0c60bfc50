"""What comes back: tables that people edited, read as changes to the registry."""
