"""Answers to questions, one question and form a file: for a person, or for a script."""
