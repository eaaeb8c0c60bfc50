"""One module a rule: the file's name gives code and name."""
