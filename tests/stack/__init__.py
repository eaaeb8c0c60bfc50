"""What is generated from a registry: each part by itself, and by the programs that read it."""
