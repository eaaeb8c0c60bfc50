"""One rule about recorded traces a file; a rule never imports a rule."""
