"""What was generated and what is missing, in the forms that are asked for."""
