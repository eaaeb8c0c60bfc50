"""What is deployed, held against what the registry declares."""
