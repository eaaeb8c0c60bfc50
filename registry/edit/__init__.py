"""Changes to a registry's own files: only bytes that must change do, in all files or in none."""
