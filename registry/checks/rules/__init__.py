"""One rule a file; a rule never imports a rule."""
