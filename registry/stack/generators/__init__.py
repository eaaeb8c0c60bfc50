"""What can be generated, one a module."""
