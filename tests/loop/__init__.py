"""Running servers, held against what the audit says of their files."""
