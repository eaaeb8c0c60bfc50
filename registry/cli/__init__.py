"""The command line: a file a command; only here do we print, exit and read the environment."""
