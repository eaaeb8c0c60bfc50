"""One rule of an audit a file; a rule never imports a rule."""
